using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CsCheck;
using CsvHelper;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Queues;

/// <summary>C2: what is exported is imported to the same settings, and every mistake of a file is told by its line.</summary>
public sealed class SettingsTableTests
{
    private static readonly string[] awkward =
    ["=1+1", "'=1", "''", "+14155550100", "-5", "@SUM(A1)", "a,b;c", "\"", "\"quoted\" \"\"", " padded ", "è 日本 🙂", "=cmd|' /C calc'!A0", "null", "true", "12"];

    private static readonly Gen<string> texts = Gen.OneOf(
        Gen.Char.Where(c => !char.IsSurrogate(c) && !char.IsControl(c)).Array[1, 20].Select(c => new string(c)),
        Gen.Int[0, awkward.Length - 1].Select(i => awkward[i]));

    private static readonly Gen<QueueSettings> settings =
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 20], Gen.Int[-100, 100], Gen.Bool, Gen.Select(texts, Gen.Bool, (text, there) => there && text.Length <= 64 ? text : null).Array[3], Gen.Int[1, 86_400].Array[4],
            (word, attempts, priority, flag, names, seconds) => new QueueSettings
            {
                Type = flag ? QueueType.UserOriginated : QueueType.UserTerminated,
                CallInGroup = flag ? names[0] ?? "group" : names[0],
                EwtMode = (EwtMode)(word % 3),
                MaxAttempts = attempts,
                Priority = priority,
                ImmediateEnabled = flag,
                CallerId = names[1],
                RoutePoint = names[2],
                PermittedCountries = flag ? ["US", "DE"] : [],
                BlockedNumbers = word > 1 ? ["+1900*", "+14155550123"] : [],
                RetrySeconds = new RetrySeconds { Busy = seconds[0], TrunkError = seconds[1] },
                Presentation = flag ? Presentation.Data : Presentation.Notification,
                PresentationByEvent = flag ? new Dictionary<string, Presentation> { [PushEvents.Ready] = Presentation.Notification } : new Dictionary<string, Presentation>(),
                TimeToLiveSeconds = word > 1 ? new Dictionary<string, int> { [PushEvents.Purged] = seconds[2] } : new Dictionary<string, int>(),
            });

    private static readonly Gen<StoredQueue[]> queues = Gen.Select(texts, settings, (name, s) => new StoredQueue(new QueueKey(new TenantId(1), 1), name, s, 1)).Array[0, 5]
        .Select(all => all.DistinctBy(q => q.Name).ToArray());

    [Theory]
    [InlineData(SettingsFormat.Csv, false)]
    [InlineData(SettingsFormat.Csv, true)]
    [InlineData(SettingsFormat.Json, false)]
    public void What_is_exported_reads_back_to_the_same_queues(SettingsFormat format, bool mark) => queues.Sample(all =>
    {
        var file = Encoding.UTF8.GetBytes((mark ? "\uFEFF" : "") + SettingsTable.Write(all, format));
        var read = SettingsTable.Read(file, format);
        Assert.Empty(read.Mistakes);
        Assert.Equal(all.Select(q => q.Name), read.Rows.Select(r => r.Queue));
        // Over settings of any kind: an export names every setting, so nothing of what was there before stays.
        var before = new QueueSettings { MaxAttempts = 7, CallerId = "old", TimeToLiveSeconds = new Dictionary<string, int> { [PushEvents.Ready] = 5 } };
        foreach (var (queue, row) in all.Zip(read.Rows))
            Assert.Equal(QueueSettingsJson.Write(queue.Settings), QueueSettingsJson.Write(QueueSettingsJson.Merge(before, row.Patch, row.Replaced).Value));
    });

    [Fact]
    public void No_cell_of_an_export_is_a_formula() => queues.Sample(all =>
    {
        using var csv = new CsvParser(new StringReader(SettingsTable.Write(all, SettingsFormat.Csv)), CultureInfo.InvariantCulture);
        while (csv.Read()) Assert.All(csv.Record!, cell => Assert.DoesNotMatch("^[=@+\t\r]|^-(?![0-9])", cell));
    });

    [Theory]
    [InlineData("queue,maxAttempts\nsupport,3", "support", """{"maxAttempts":3}""")]
    [InlineData("\uFEFFqueue;maxAttempts;callerId\r\nsupport;3;'+1\r\n", "support", """{"maxAttempts":3,"callerId":"\u002B1"}""")]
    [InlineData("maxAttempts\tqueue\n\tsupport\n\n", "support", """{"maxAttempts":null}""")]
    [InlineData("queue,immediateEnabled,retrySeconds.busy\n\"a \"\"b\"\"\",TRUE,5", "a \"b\"", """{"immediateEnabled":true,"retrySeconds":{"busy":5}}""")]
    public void A_file_of_any_spreadsheet_is_read(string file, string queue, string patch)
    {
        var read = SettingsTable.Read(Encoding.UTF8.GetBytes(file), SettingsFormat.Csv);
        Assert.Empty(read.Mistakes);
        Assert.Equal((queue, patch), (Assert.Single(read.Rows).Queue, Assert.Single(read.Rows).Patch.GetRawText()));
    }

    [Theory]
    [InlineData(SettingsFormat.Csv, "", "The file is empty")]
    [InlineData(SettingsFormat.Csv, "queue,maxAtempts,queue\na,1,a", "Line 1: queue is named by two columns.|Line 1: maxAtempts is no column")]
    [InlineData(SettingsFormat.Csv, "maxAttempts\n3", "Line 1: queue is missing among the columns")]
    [InlineData(SettingsFormat.Csv, "queue,maxAttempts\na,1\nb\nc,1,2", "Line 3: The line has 1 cells|Line 4: The line has 3 cells")]
    [InlineData(SettingsFormat.Csv, "queue,maxAttempts\na,\"1", "Line 2: A quotation mark")]
    [InlineData(SettingsFormat.Csv, "queue,maxAttempts\na,1\nb,x\"y\n", "Line 3: A quotation mark")]
    [InlineData(SettingsFormat.Json, "{\"queues\":[\n{\"queue\":\"a\",}]}", "Line 2: The file is not well-formed JSON")]
    [InlineData(SettingsFormat.Json, "[]", "must be an object with the array queues")]
    [InlineData(SettingsFormat.Json, "{\"queues\":[{\"queue\":\"a\"},\n 5,\n\n {\"maxAttempts\":1}]}", "Line 2: queue is missing|Line 4: queue is missing")]
    public void A_file_that_cannot_be_read_is_told_by_its_lines(SettingsFormat format, string file, string told)
    {
        var mistakes = SettingsTable.Read(Encoding.UTF8.GetBytes(file), format).Mistakes.Select(m => m.Sentence).ToList();
        Assert.Equal(told.Split('|').Length, mistakes.Count);
        foreach (var (expected, mistake) in told.Split('|').Zip(mistakes)) Assert.Contains(expected, mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_too_large_or_no_text_is_refused()
    {
        Assert.Contains("at most 4 MiB", SettingsTable.Read(new byte[SettingsTable.MaxBytes + 1], SettingsFormat.Csv).Mistakes[0].Sentence, StringComparison.Ordinal);
        Assert.Contains("UTF-8", SettingsTable.Read([(byte)'q', 0xFF, 0xFE], SettingsFormat.Csv).Mistakes[0].Sentence, StringComparison.Ordinal);
        var many = "queue\n" + string.Concat(Enumerable.Repeat("a\n", SettingsTable.MaxRows + 1));
        Assert.Contains("more than 10000 queues", SettingsTable.Read(Encoding.UTF8.GetBytes(many), SettingsFormat.Csv).Mistakes[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_those_of_the_file_though_a_cell_has_several() =>
        Assert.Equal([2, 4], SettingsTable.Read("queue,callerId\n\"a\n\",1\nb,2"u8, SettingsFormat.Csv).Rows.Select(r => r.Line));

    [Fact]
    public void Every_setting_has_a_column_and_every_column_is_a_setting()
    {
        var settings = typeof(QueueSettings).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is not null).Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name));
        Assert.Equal(settings.Order(StringComparer.Ordinal), SettingsFields.All.Select(f => f.Name.Split('.')[0]).Distinct().Order(StringComparer.Ordinal));
        var retries = typeof(RetrySeconds).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => $"retrySeconds.{JsonNamingPolicy.CamelCase.ConvertName(p.Name)}");
        Assert.Equal([], retries.Where(name => SettingsFields.Find(name) is null));
    }
}
