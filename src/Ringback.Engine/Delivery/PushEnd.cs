namespace Ringback.Engine.Delivery;

/// <summary>What the end of a push means, and what somebody who looks after the site does next; in plain words for pages.</summary>
/// <param name="Meaning">What happened.</param>
/// <param name="Next">What to do.</param>
public sealed record PushEnd(string Meaning, string Next)
{
    private const string OurFault = "Sent again, it would be refused again. If other pushes of the same event arrive, compare their texts and data; if none does, report it with the answer above.";

    /// <summary>By the last answer, where that says more than the state.</summary>
    private static readonly Dictionary<string, PushEnd> byCode = new(StringComparer.Ordinal)
    {
        ["UNREGISTERED"] = new(
            "Firebase does not know this address any more: the app was uninstalled, its data were deleted, or its token was replaced.",
            "Nothing for this callback. If it happens often, let the app send its present token with each callback and after every renewal (push-targets)."),
        ["target.dead"] = new(
            "It was not sent: Firebase had called this address unregistered before.",
            "Nothing for this callback. If it happens often, let the app send its present token with each callback and after every renewal (push-targets)."),
        ["SENDER_ID_MISMATCH"] = new(
            "The address belongs to another Firebase project than the credentials that sent.",
            "Compare the project above with the one that the app was built with. Store the credentials of that project, or give its queue a Firebase app of its own."),
        ["INVALID_ARGUMENT"] = new(
            "Firebase did not take the address, or the message with it. Most often the app has sent something else than its registration token.",
            "Compare the beginning of the address with the token that the app gets from Firebase: it may be cut off, or an identifier of another kind. Then create a callback anew."),
        ["THIRD_PARTY_AUTH_ERROR"] = new(
            "Firebase could not send it on to Apple or to the push service of the browser.",
            "Renew the APNs key or the web push certificate in the Firebase console under Project settings > Cloud Messaging. Android devices are not concerned."),
        ["FAILED_PRECONDITION"] = new("Firebase did not take the message in the state that the project is in.", "Look at the project in the Firebase console; then send the push again while it means something."),
        ["OUT_OF_RANGE"] = new("Firebase did not take a value of the message.", OurFault),
        ["UNIMPLEMENTED"] = new("The endpoint does not know this kind of request.", "Check the send endpoint in the configuration (Firebase:SendEndpoint): it may not be Firebase's."),
    };

    private static readonly PushEnd doubted = new(
        "Firebase called this address unregistered, and so many others at once that it was not believed: the address is only suspected, and hears the next event.",
        "Look whether the credentials are of the project that the app is built with. If they are, nothing: what really is gone is found dead with a later event.");

    private static readonly PushEnd notFirebases = new(
        "The answer was not in Firebase's form: a proxy or another program stands at the address that pushes are sent to.",
        "Check the send endpoint in the configuration (Firebase:SendEndpoint) and any proxy on the way to it.");

    /// <summary>What the end of a push means; null while it is pending.</summary>
    /// <param name="state">How it stands.</param>
    /// <param name="code">Its last answer; null where none came.</param>
    public static PushEnd? Of(OutboxState state, string? code) => state switch
    {
        OutboxState.Pending => null,
        OutboxState.Accepted => new(
            "Firebase has taken it for the device. Whether the device shows it, Firebase does not tell.",
            "If the customer saw nothing, look at the device: its permission for notifications, battery saving, and, where the app shows the push itself, what the app does with it."),
        OutboxState.Expired => new(
            "It could not be sent before its time to live passed, and would have told what was no longer so.",
            "Look at what stood in its way: the status of the credentials, the timeline of the callback, and the log. If everything works and it still comes too late, give the event a longer time to live in the settings of the queue."),
        OutboxState.TargetSuspect when code == "UNREGISTERED" => doubted,
        OutboxState.Cancelled => new("A later event of the callback made it pointless before it was sent.", "Nothing: the later push tells how things stand."),
        _ when code is not null && byCode.TryGetValue(code, out var known) => known,
        _ when code is not null && code.StartsWith("HTTP_", StringComparison.Ordinal) => notFirebases,
        OutboxState.TargetDead => byCode["UNREGISTERED"],
        OutboxState.TargetForeign => byCode["SENDER_ID_MISMATCH"],
        OutboxState.TargetSuspect => byCode["INVALID_ARGUMENT"],
        _ => new($"The push service refused it{(code is null ? "" : $" with {code}")}.", OurFault),
    };
}
