using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace Ringback.Engine.Queues;

/// <summary>
/// Settings as CSV (RFC 4180): a line with the names of the columns, then a line for each queue. Columns may be in any order and may be left out; a setting
/// whose column is left out stays as it is, and an empty cell is the default. Semicolons and tabs are taken too, as spreadsheets of some countries write them.
/// </summary>
internal static class SettingsCsv
{
    private const string Separators = ",;\t";

    /// <summary>
    /// Spreadsheets run a cell that begins so as a formula (OWASP, CSV injection). A text that does is written behind an apostrophe, as is one that begins with
    /// an apostrophe, and the apostrophe is taken away when it is read. So is a list: blocked numbers begin with a plus.
    /// </summary>
    private const string Guarded = "=+-@\t\r'";

    /// <summary>A cell holds a structure as a whole: what was there before does not shine through.</summary>
    private static readonly string[] structures = [.. SettingsFields.All.Where(f => f.Kind == SettingsFieldKind.Json).Select(f => f.Name)];

    public static string Write(IEnumerable<StoredQueue> queues)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { NewLine = "\r\n" }))
        {
            csv.WriteField(SettingsTable.QueueColumn);
            foreach (var field in SettingsFields.All) csv.WriteField(field.Name);
            csv.NextRecord();
            foreach (var queue in queues)
            {
                var texts = SettingsSheet.Texts(queue.Settings);
                csv.WriteField(Guard(queue.Name));
                foreach (var field in SettingsFields.All) csv.WriteField(IsGuarded(field) ? Guard(texts[field.Name]) : texts[field.Name]);
                csv.NextRecord();
            }
        }
        return text.ToString();
    }

    public static SettingsTable Read(string text)
    {
        using var parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = SeparatorOf(text),
            IgnoreBlankLines = false,
            MaxFieldSize = SettingsTable.MaxBytes,
        });
        List<SettingsRow> rows = [];
        List<FieldMistake> mistakes = [];
        try
        {
            if (!parser.Read()) return SettingsTable.Unreadable("is empty. Its first line names the columns");
            var columns = Columns(parser.Record!, mistakes);
            for (var line = parser.RawRow + 1; parser.Read(); line = parser.RawRow + 1)
            {
                if (IsBlank(parser.Record!)) continue;
                if (rows.Count == SettingsTable.MaxRows) return SettingsTable.Unreadable($"has more than {SettingsTable.MaxRows} queues");
                if (parser.Record!.Length != columns.Length)
                    mistakes.Add(new FieldMistake("", $"The line has {parser.Record.Length} cells where the first line names {columns.Length} columns") { Line = line });
                else rows.Add(ReadRow(line, columns, parser.Record, mistakes));
            }
        }
        catch (CsvHelperException)
        {
            mistakes.Add(new FieldMistake("", "A quotation mark stands where none may stand, or is never closed; it is doubled inside of a cell") { Line = parser.RawRow });
        }
        return new SettingsTable(rows, mistakes);
    }

    private static string[] Columns(string[] names, List<FieldMistake> mistakes)
    {
        var columns = names.Select(name => name.Trim()).ToArray();
        if (!columns.Contains(SettingsTable.QueueColumn, StringComparer.Ordinal)) mistakes.Add(new FieldMistake(SettingsTable.QueueColumn, "is missing among the columns of the first line") { Line = 1 });
        foreach (var twice in columns.GroupBy(c => c, StringComparer.Ordinal).Where(g => g.Count() > 1)) mistakes.Add(new FieldMistake(Shown(twice.Key), "is named by two columns") { Line = 1 });
        foreach (var unknown in columns.Where(c => c != SettingsTable.QueueColumn && SettingsFields.Find(c) is null).Distinct(StringComparer.Ordinal))
            mistakes.Add(new FieldMistake(Shown(unknown), "is no column. An export names all of them") { Line = 1 });
        return columns;
    }

    private static SettingsRow ReadRow(int line, string[] columns, string[] cells, List<FieldMistake> mistakes)
    {
        var queue = "";
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] == SettingsTable.QueueColumn) queue = Unguard(cells[i]);
            else if (SettingsFields.Find(columns[i]) is { } field) texts[field.Name] = IsGuarded(field) ? Unguard(cells[i]) : cells[i];
        }
        List<FieldMistake> unreadable = [];
        var patch = SettingsSheet.Patch(texts, unreadable);
        mistakes.AddRange(unreadable.Select(m => m with { Line = line }));
        return new SettingsRow(line, queue, patch, structures);
    }

    private static bool IsGuarded(SettingsField field) => field.Kind is SettingsFieldKind.Text or SettingsFieldKind.List;

    private static string Guard(string text) => text.Length > 0 && Guarded.Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;

    private static string Unguard(string cell) => cell.StartsWith('\'') ? cell[1..] : cell;

    /// <summary>The names of columns hold no separator, so the one that the first line uses most is the one.</summary>
    private static string SeparatorOf(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? text : text[..end];
        return Separators.MaxBy(separator => first.Count(c => c == separator)).ToString();
    }

    private static bool IsBlank(string[] cells) => cells.All(string.IsNullOrWhiteSpace);

    private static string Shown(string name) => name.Length <= 80 ? name : name[..79] + "…";
}
