using System.Globalization;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Notifications;

/// <summary>An event that the rules have decided, before it is split up by target. One factory per event keeps the data of push-events.md together.</summary>
public sealed record PushDraft
{
    private static readonly TimeSpan lastWord = TimeSpan.FromHours(4);

    /// <summary>What an unsent push about is not worth sending once customer and agent speak.</summary>
    public static readonly IReadOnlyList<string> PointlessOnceConnected = [PushEvents.Upcoming, PushEvents.Ready, PushEvents.CallIn, PushEvents.AttemptFailed];

    private PushDraft(string name, int round, TimeSpan timeToLive, TimeSpan span, params KeyValuePair<string, string>[] extra) =>
        (Event, Round, TimeToLive, Span, Extra) = (name, round, timeToLive, span, extra);

    /// <summary>Name of the event.</summary>
    public string Event { get; }

    /// <summary>Which of several events of this name: the attempt, the READY round, else 0.</summary>
    public int Round { get; }

    /// <summary>How long the push means something, unless the queue's settings say otherwise.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>The span that the text speaks of.</summary>
    public TimeSpan Span { get; }

    /// <summary>The wait that the event forecasts, in whole seconds; only that of UPCOMING.</summary>
    public int? ForecastSeconds { get; private init; }

    /// <summary>Data of this event alone.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Extra { get; }

    /// <summary>Events that this one makes pointless where they have not been sent yet.</summary>
    public IReadOnlyList<string> MakesPointless => Event switch
    {
        PushEvents.CallIn => [PushEvents.Ready],
        PushEvents.Ready => [PushEvents.Ready, PushEvents.CallIn],
        PushEvents.AttemptFailed => [PushEvents.Upcoming, PushEvents.AttemptFailed],
        PushEvents.Purged or PushEvents.FinalAttemptFailed => PointlessOnceConnected,
        _ => [],
    };

    /// <summary>An app may have to act by itself at once, so an Apple device must be woken.</summary>
    private bool WakesApp => Event is PushEvents.Ready or PushEvents.CallIn;

    /// <summary>The call is coming (B1).</summary>
    public static PushDraft Upcoming(int waitSeconds, int position, TimeSpan threshold) =>
        new(PushEvents.Upcoming, 0, threshold, TimeSpan.FromSeconds(waitSeconds), Data("estimatedWaitSeconds", waitSeconds), Data("position", position)) { ForecastSeconds = waitSeconds };

    /// <summary>It is the customer's turn (B4).</summary>
    public static PushDraft Ready(int round, string callInGroup, TimeSpan readyTimeout) =>
        new(PushEvents.Ready, round, readyTimeout, readyTimeout, new KeyValuePair<string, string>("callInGroup", callInGroup));

    /// <summary>Where to call in (B5).</summary>
    public static PushDraft CallIn(int round, Guid callInId, string toPhoneNumber, string? accessCode, DateTimeOffset expiresAt, DateTimeOffset now)
    {
        var extra = new List<KeyValuePair<string, string>> { new("callInId", callInId.ToString()), new("toPhoneNumber", toPhoneNumber) };
        if (accessCode is not null) extra.Add(new("accessCode", accessCode));
        extra.Add(new("expirationTime", expiresAt.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)));
        return new(PushEvents.CallIn, round, expiresAt - now, expiresAt - now, [.. extra]);
    }

    /// <summary>The request was dropped (B6).</summary>
    public static PushDraft Purged(string reason) => new(PushEvents.Purged, 0, lastWord, lastWord, new KeyValuePair<string, string>("reason", reason));

    /// <summary>Not reached, to be tried again (B7).</summary>
    public static PushDraft AttemptFailed(int attempt, int maxAttempts, string outcome, DateTimeOffset nextAttemptAt, DateTimeOffset now) =>
        new(PushEvents.AttemptFailed, attempt, nextAttemptAt - now, nextAttemptAt - now, Data("attempt", attempt), Data("maxAttempts", maxAttempts),
            new("outcome", outcome), new("nextAttemptAt", WireTime.Of(nextAttemptAt)));

    /// <summary>Not reached for the last time (B8).</summary>
    public static PushDraft FinalAttemptFailed(int attempt, int maxAttempts, string outcome) =>
        new(PushEvents.FinalAttemptFailed, attempt, lastWord, lastWord, Data("attempt", attempt), Data("maxAttempts", maxAttempts), new("outcome", outcome));

    /// <summary>An event with figures made up, for those who write texts.</summary>
    internal static PushDraft Sample(string pushEvent)
    {
        var span = TimeSpan.FromMinutes(4);
        return pushEvent switch
        {
            PushEvents.Upcoming => Upcoming((int)span.TotalSeconds, 2, span),
            PushEvents.Ready => Ready(1, "", span),
            PushEvents.CallIn => CallIn(1, Guid.Empty, "+14155550199", null, DateTimeOffset.UnixEpoch + span, DateTimeOffset.UnixEpoch),
            PushEvents.Purged => Purged("MAX_WAIT"),
            PushEvents.AttemptFailed => AttemptFailed(1, 3, "NO_ANSWER", DateTimeOffset.UnixEpoch + span, DateTimeOffset.UnixEpoch),
            PushEvents.FinalAttemptFailed => FinalAttemptFailed(3, 3, "NO_ANSWER"),
            _ => throw new ArgumentException($"There is no event {pushEvent}.", nameof(pushEvent)),
        };
    }

    /// <summary>The message to one target. Each target has a notification of its own, with an id of its own.</summary>
    public PushMessage To(Guid notificationId, Guid callbackId, string serviceName, NotificationText text, Presentation presentation, int sequence, DateTimeOffset now, TimeSpan? timeToLive, string? app = null) => new()
    {
        Event = Event,
        NotificationId = notificationId,
        CallbackId = callbackId,
        ServiceName = serviceName,
        Sequence = sequence,
        OccurredAt = now,
        ExpiresAt = now + (timeToLive ?? TimeToLive),
        Presentation = presentation,
        Title = text.Title,
        Body = text.Body,
        App = app,
        Extra = Extra,
        WakesApp = WakesApp,
    };

    private static KeyValuePair<string, string> Data(string name, int value) => new(name, value.ToString(CultureInfo.InvariantCulture));
}
