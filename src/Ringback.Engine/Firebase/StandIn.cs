namespace Ringback.Engine.Firebase;

/// <summary>A program that browsers meet in Firebase's place: the emulator, on the machine of whoever looks. Pushes through it reach only a Firefox that takes it for its push service.</summary>
/// <param name="Address">Where it listens.</param>
public sealed record StandIn(Uri Address)
{
    /// <summary>The stand-in that these settings name; null where browsers speak with Google.</summary>
    /// <param name="options">How Firebase is reached.</param>
    public static StandIn? Of(FirebaseOptions options) => options.RegistrationsEndpoint.IsLoopback ? new StandIn(options.RegistrationsEndpoint) : null;

    /// <summary>What such a Firefox has in its <c>user.js</c>, a line each.</summary>
    public IReadOnlyList<string> FirefoxPreferences =>
    [
        $"user_pref(\"dom.push.serverURL\", \"ws://{Address.Authority}/push\");",
        "user_pref(\"dom.push.testing.allowInsecureServerURL\", true);",
        "user_pref(\"dom.push.connection.enabled\", true);",
    ];

    /// <summary>The fault of a step, with the remedy that fits: what stands between a browser and Google stands between nothing here.</summary>
    /// <param name="step">The step that did not pass.</param>
    /// <param name="fault">Its fault where Google would have been asked.</param>
    internal static TestFault Explain(TestStep step, TestFault fault) =>
        // A browser without the preferences has a subscription of its own push service, if any, and the emulator does not post there.
        step == TestStep.Subscription || fault.Code == "registration.invalid"
            ? fault with
            {
                Remedy = "Pushes of this demo reach only a Firefox started with these preferences. Start one, open this page in it and retry.",
                NeedsPreferences = true,
            }
            : fault;
}
