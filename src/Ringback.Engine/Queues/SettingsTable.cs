using System.Text.Json;

namespace Ringback.Engine.Queues;

/// <summary>The form of a file of settings.</summary>
public enum SettingsFormat
{
    /// <summary>Comma-separated values, RFC 4180.</summary>
    Csv,

    /// <summary>JSON, as the list of the API.</summary>
    Json,
}

/// <summary>One queue of a file.</summary>
/// <param name="Line">Where it begins in the file, counted from 1.</param>
/// <param name="Queue">Name of the queue.</param>
/// <param name="Patch">The settings that the file names; null puts one back to its default.</param>
/// <param name="Replaced">Settings that are taken as a whole where the patch names them, whatever stood there before.</param>
public sealed record SettingsRow(int Line, string Queue, JsonElement Patch, IReadOnlyList<string> Replaced);

/// <summary>A file of settings as far as it could be read.</summary>
/// <param name="Rows">Its queues.</param>
/// <param name="Mistakes">Everything that could not be read, by line.</param>
public sealed record SettingsTable(IReadOnlyList<SettingsRow> Rows, IReadOnlyList<FieldMistake> Mistakes)
{
    /// <summary>Largest file that is read.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>Most queues in one file.</summary>
    public const int MaxRows = 10_000;

    /// <summary>The column, or field, that names the queue.</summary>
    public const string QueueColumn = "queue";

    /// <summary>Reads a file of either form. UTF-8, with or without a byte order mark.</summary>
    public static SettingsTable Read(ReadOnlySpan<byte> file, SettingsFormat format)
    {
        if (file.Length > MaxBytes) return Unreadable($"must have at most {MaxBytes / (1024 * 1024)} MiB");
        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        if (!System.Text.Unicode.Utf8.IsValid(file)) return Unreadable("is not UTF-8 text. Save it as UTF-8");
        return format == SettingsFormat.Csv ? SettingsCsv.Read(System.Text.Encoding.UTF8.GetString(file)) : SettingsListJson.Read(file);
    }

    /// <summary>Writes queues as a file that <see cref="Read"/> reads back to the same settings.</summary>
    public static string Write(IEnumerable<StoredQueue> queues, SettingsFormat format) =>
        format == SettingsFormat.Csv ? SettingsCsv.Write(queues) : SettingsListJson.Write(queues);

    internal static SettingsTable Unreadable(string what) => new([], [new FieldMistake("The file", what)]);
}
