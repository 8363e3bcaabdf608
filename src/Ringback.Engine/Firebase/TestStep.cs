namespace Ringback.Engine.Firebase;

/// <summary>The steps of the test in the browser (A7), in the order in which they are taken. A test that fails names the one at which it did.</summary>
public enum TestStep
{
    /// <summary>The values of the web app have the right form, and the box is ticked.</summary>
    Fields,

    /// <summary>Google takes the stored credentials: an access token and a dry run.</summary>
    ServerCheck,

    /// <summary>The browser can receive pushes on this page.</summary>
    Support,

    /// <summary>The person allows notifications.</summary>
    Permission,

    /// <summary>The service worker of the test runs.</summary>
    Worker,

    /// <summary>Firebase makes an installation of the web app in this browser.</summary>
    Installation,

    /// <summary>The browser's push service gives an address.</summary>
    Subscription,

    /// <summary>Firebase gives a token for that address.</summary>
    Registration,

    /// <summary>A push goes out through the stored credentials.</summary>
    Send,

    /// <summary>That push arrives in this browser.</summary>
    Arrival,
}

/// <summary>How far a step has come.</summary>
public enum StepState
{
    /// <summary>Not its turn yet.</summary>
    Open,

    /// <summary>Under way.</summary>
    Waiting,

    /// <summary>Done.</summary>
    Passed,

    /// <summary>Failed; nothing after it is tried.</summary>
    Failed,
}

/// <summary>What a test tells while it runs.</summary>
/// <param name="Step">The step.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Text">What was found, in plain words; empty while it waits.</param>
/// <param name="Fault">Why it failed, where it did.</param>
public sealed record TestProgress(TestStep Step, StepState State, string Text, TestFault? Fault = null);

/// <summary>Why a step failed.</summary>
/// <param name="Code">Stable code, such as <c>permission.denied</c>, <c>credential.role_missing</c> or <c>SENDER_ID_MISMATCH</c>.</param>
/// <param name="Reason">What is wrong, in plain words; never a secret and nothing that a stranger wrote.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record TestFault(string Code, string Reason, string Remedy)
{
    /// <summary>A page with more about it, where there is one: the link that enables the API, say.</summary>
    public string? Link { get; init; }

    /// <summary>Whether the remedy speaks of the preferences of <see cref="StandIn"/>, which have to be shown with it.</summary>
    public bool NeedsPreferences { get; init; }
}

/// <summary>How a test ended.</summary>
/// <param name="FailedAt">The step at which it failed; null: successfully configured.</param>
/// <param name="Fault">Why.</param>
public sealed record TestEnd(TestStep? FailedAt, TestFault? Fault)
{
    /// <summary>Everything passed.</summary>
    public bool Passed => FailedAt is null;
}
