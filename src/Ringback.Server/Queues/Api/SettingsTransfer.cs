using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Queues.Api;

/// <summary>Export and import of the whole settings table (rule C2).</summary>
internal static class SettingsTransfer
{
    public static async Task<IResult> ExportAsync(HttpContext http, QueueService service, string? format = null)
    {
        if (!TryReadFormat(format, out var chosen)) return Answers.Refuse(http, wrongFormat);
        return File(await service.ListAsync(http.Caller().Tenant), chosen ?? SettingsFormat.Json);
    }

    /// <summary>The file for a browser or curl. A CSV file begins with a byte order mark, without which Excel takes it for another encoding.</summary>
    public static IResult File(IEnumerable<StoredQueue> queues, SettingsFormat format)
    {
        var text = SettingsTable.Write(queues, format);
        return format == SettingsFormat.Csv
            ? Results.File(Encoding.UTF8.GetBytes("\uFEFF" + text), "text/csv; charset=utf-8", "ringback-settings.csv")
            : Results.File(Encoding.UTF8.GetBytes(text), "application/json; charset=utf-8", "ringback-settings.json");
    }

    public static async Task<IResult> ImportAsync(HttpContext http, QueueService service, string? format = null, string? dryRun = null)
    {
        if (!TryReadFormat(format, out var chosen)) return Answers.Refuse(http, wrongFormat);
        if (dryRun is not (null or "true" or "false")) return Answers.Refuse(http, Problems.InvalidParameters.With("dryRun must be true or false."));
        var caller = http.Caller();
        var table = Read(await BodyAsync(http), chosen);
        return Answers.Plain(http, await service.ImportAsync(caller.Tenant, table, caller.Name, dryRun == "true"), report => Shape(report, dryRun == "true"));
    }

    /// <summary>Reads a file whose form may be told by its first character: JSON begins with a brace, which is no name of a column.</summary>
    public static SettingsTable Read(ReadOnlyMemory<byte> file, SettingsFormat? format) => SettingsTable.Read(file.Span, format ?? FormatOf(file.Span));

    private static readonly Fault wrongFormat = Problems.InvalidParameters.With("format must be csv or json.");

    private static SettingsFormat FormatOf(ReadOnlySpan<byte> file)
    {
        if (file.StartsWith("\uFEFF"u8)) file = file[3..];
        file = file.TrimStart(" \t\r\n"u8);
        return file.Length > 0 && file[0] is (byte)'{' or (byte)'[' ? SettingsFormat.Json : SettingsFormat.Csv;
    }

    private static bool TryReadFormat(string? text, out SettingsFormat? format)
    {
        format = text switch { "csv" => SettingsFormat.Csv, "json" => SettingsFormat.Json, _ => null };
        return text is null || format is not null;
    }

    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext http)
    {
        // A little more than a file may have: who sends slightly too much is told so, where Kestrel would break the connection off.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = SettingsTable.MaxBytes + JsonBody.MaxBytes;
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        return buffer.ToArray();
    }

    private static object Shape(ImportReport report, bool dryRun) => new
    {
        dryRun,
        added = report.Queues.Count(q => q.Action == ImportAction.Added),
        changed = report.Queues.Count(q => q.Action == ImportAction.Changed),
        unchanged = report.Queues.Count(q => q.Action == ImportAction.Unchanged),
        queues = report.Queues,
    };
}
