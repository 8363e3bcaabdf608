using System.Globalization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Queues.Api;

/// <summary><c>GET /management/v1/settings/queues/{name}/history</c>: who changed what and when, the newest first.</summary>
internal static class SettingsHistory
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    public static async Task<IResult> GetAsync(HttpContext http, string name, QueueService service, string? before = null, string? limit = null)
    {
        if (!TryReadLimit(limit, out var most)) return Answers.Refuse(http, Problems.InvalidParameters.With($"limit must be a whole number from 1 to {MaxLimit}."));
        if (!TryReadCursor(before, out var older)) return Answers.Refuse(http, Problems.InvalidParameters.With("before must be what an answer's next was."));
        // One more than is shown tells whether there are older ones.
        var answer = await service.HistoryAsync(http.Caller().Tenant, RouteText.Name(name), older, most + 1);
        return Answers.Plain(http, answer, entries => new
        {
            entries = entries.Take(most).Select(Shape),
            next = entries.Count > most ? string.Create(CultureInfo.InvariantCulture, $"{entries[most - 1].Version.QueueId}.{entries[most - 1].Version.Version}") : null,
        });
    }

    private static object Shape(SettingsHistoryEntry entry) => new
    {
        entry.Version.Version,
        entry.Version.At,
        entry.Version.By,
        action = entry.Version switch { { Settings: null } => "deleted", { Version: 1 } => "added", _ => "changed" },
        changes = entry.Changes,
    };

    private static bool TryReadLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit);
    }

    private static bool TryReadCursor(string? text, out (int QueueId, int Version)? cursor)
    {
        cursor = null;
        if (text is null) return true;
        if (text.Split('.') is not [var queue, var version]
            || !int.TryParse(queue, NumberStyles.None, CultureInfo.InvariantCulture, out var queueId)
            || !int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        cursor = (queueId, number);
        return true;
    }
}
