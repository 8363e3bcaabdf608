using System.Globalization;
using System.Text.RegularExpressions;
using Ringback.Engine;
using Ringback.Engine.Delivery;

namespace Ringback.Server.Delivery.Api;

/// <summary>Which pushes a list shows, as a query string or a page says it. Remembers the first thing that was wrong; an empty parameter counts as absent.</summary>
internal sealed partial class PushQuery(Func<string, string?> parameter, PushProjects projects, DateTimeOffset now)
{
    private const int MostCode = 100;
    private const int MostShown = 100;

    /// <summary>The first mistake, or null.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>The filter; what was wrong is left out of it.</summary>
    public PushFilter Read() => new()
    {
        State = Parse<OutboxState>("state", text => PushText.TryState(text, out var state) ? state : null, $"must be one of {string.Join(", ", PushText.States)}"),
        Event = Parse("event", text => PushEvents.All.Contains(text) ? text : null, $"must be one of {string.Join(", ", PushEvents.All)}"),
        Code = Parse("code", text => text.Length <= MostCode && !text.Contains('\0', StringComparison.Ordinal) ? text : null, $"must have at most {MostCode} characters"),
        Project = Parse("project", text => Project().IsMatch(text) ? text : null, "must be a Firebase project ID: lower-case letters, digits and hyphens") is { } project ? projects.Named(project) : null,
        CallbackId = Parse<Guid>("callbackId", ReadId, "must be a UUID"),
        Since = Parse<DateTimeOffset>("since", ReadInstant, "must be a time such as 2026-11-23T10:15:30.000Z") ?? now - PushLogService.LooksBack,
        Before = Parse<Guid>("before", ReadId, "must be the notificationId of the last push of the page before"),
        Limit = Parse<int>("limit", text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostShown ? limit : null, $"must be a whole number from 1 to {MostShown}") ?? 25,
    };

    private static Guid? ReadId(string text) => Guid.TryParseExact(text, "D", out var id) ? id : null;

    private static DateTimeOffset? ReadInstant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private T? Parse<T>(string name, Func<string, T?> read, string rule) where T : struct
    {
        if (parameter(name) is not { Length: > 0 } text) return null;
        return read(text) ?? Refuse<T?>(name, rule);
    }

    private string? Parse(string name, Func<string, string?> read, string rule)
    {
        if (parameter(name) is not { Length: > 0 } text) return null;
        return read(text) ?? Refuse<string?>(name, rule);
    }

    private T? Refuse<T>(string name, string rule)
    {
        Fault ??= Problems.InvalidParameters.With($"{name} {rule}.");
        return default;
    }

    [GeneratedRegex("^[a-z][a-z0-9-]{0,62}$")]
    private static partial Regex Project();
}
