namespace Ringback.Engine;

/// <summary>The events that a customer is told of (rules B1 to B8), as they stand in a push and in the settings.</summary>
public static class PushEvents
{
    /// <summary>The call is coming soon; at most once per callback.</summary>
    public const string Upcoming = "CALLBACK_UPCOMING";

    /// <summary>It is the customer's turn to call in.</summary>
    public const string Ready = "CALLBACK_READY";

    /// <summary>The number to dial, after the customer has accepted.</summary>
    public const string CallIn = "CALLBACK_CALL_IN";

    /// <summary>The request was dropped.</summary>
    public const string Purged = "CALLBACK_PURGED";

    /// <summary>The customer was not reached and will be called again.</summary>
    public const string AttemptFailed = "CALLBACK_ATTEMPT_FAILED";

    /// <summary>The customer was not reached for the last time.</summary>
    public const string FinalAttemptFailed = "CALLBACK_FINAL_ATTEMPT_FAILED";

    /// <summary>All events.</summary>
    public static IReadOnlyList<string> All { get; } = [Upcoming, Ready, CallIn, Purged, AttemptFailed, FinalAttemptFailed];
}

/// <summary>Whether the system shows a push or the app's own code does.</summary>
public enum Presentation
{
    /// <summary>The message carries a notification block and the system shows it.</summary>
    Notification,

    /// <summary>Data only: title and body travel in the data and the app acts by itself.</summary>
    Data,
}
