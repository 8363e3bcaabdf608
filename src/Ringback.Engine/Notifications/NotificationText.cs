using System.Globalization;

namespace Ringback.Engine.Notifications;

/// <summary>Title and body of each event. Languages that are not here fall back to English.</summary>
public static class NotificationText
{
    private static readonly Dictionary<string, (string Title, string Body)> english = new()
    {
        [PushEvents.Upcoming] = ("We are about to call you", "Your call from {queue} is expected within {minutes} min. Please keep your phone at hand."),
        [PushEvents.Ready] = ("It is your turn", "{queue} is ready for you. Call in now: your place is held for {minutes} min."),
        [PushEvents.CallIn] = ("Call us now", "Dial the number in the app to be connected with {queue}."),
        [PushEvents.Purged] = ("Your callback was dropped", "We are sorry: {queue} could not call you in time. You can ask for another callback."),
        [PushEvents.AttemptFailed] = ("We could not reach you", "{queue} tried to call you and will try again in {minutes} min."),
        [PushEvents.FinalAttemptFailed] = ("We could not reach you", "{queue} tried to call you for the last time. You can ask for another callback."),
    };

    private static readonly Dictionary<string, (string Title, string Body)> german = new()
    {
        [PushEvents.Upcoming] = ("Wir rufen Sie gleich an", "Der Anruf von {queue} kommt voraussichtlich in höchstens {minutes} Min. Bitte halten Sie Ihr Telefon bereit."),
        [PushEvents.Ready] = ("Sie sind an der Reihe", "{queue} ist bereit. Rufen Sie jetzt an: Ihr Platz ist {minutes} Min. reserviert."),
        [PushEvents.CallIn] = ("Rufen Sie uns jetzt an", "Wählen Sie die Nummer in der App, um {queue} zu erreichen."),
        [PushEvents.Purged] = ("Ihr Rückruf entfällt", "Es tut uns leid: {queue} konnte Sie nicht rechtzeitig anrufen. Sie können einen neuen Rückruf anfordern."),
        [PushEvents.AttemptFailed] = ("Wir konnten Sie nicht erreichen", "{queue} hat Sie angerufen und versucht es in {minutes} Min. erneut."),
        [PushEvents.FinalAttemptFailed] = ("Wir konnten Sie nicht erreichen", "{queue} hat Sie zum letzten Mal angerufen. Sie können einen neuen Rückruf anfordern."),
    };

    /// <summary>Title and body of an event in the customer's language.</summary>
    /// <param name="pushEvent">The event's name.</param>
    /// <param name="language"><c>xx-YY</c>; only the language counts.</param>
    /// <param name="queue">Name of the queue.</param>
    /// <param name="span">What <c>{minutes}</c> stands for; rounded up, at least 1.</param>
    public static (string Title, string Body) Of(string pushEvent, string language, string queue, TimeSpan span)
    {
        var (title, body) = (language.StartsWith("de", StringComparison.Ordinal) ? german : english)[pushEvent];
        var minutes = Math.Max(1, (int)Math.Ceiling(span.TotalMinutes)).ToString(CultureInfo.InvariantCulture);
        return (title, body.Replace("{minutes}", minutes, StringComparison.Ordinal).Replace("{queue}", queue, StringComparison.Ordinal));
    }
}
