using Ringback.Engine.Firebase;

namespace Ringback.Server.Firebase.Admin;

/// <summary>How pages call the steps of a test.</summary>
internal static class TestStepText
{
    /// <summary>The step in words.</summary>
    public static string Name(TestStep step) => step switch
    {
        TestStep.Fields => "Fields",
        TestStep.ServerCheck => "Server check",
        TestStep.Support => "Browser support",
        TestStep.Permission => "Permission",
        TestStep.Worker => "Service worker",
        TestStep.Installation => "Installation",
        TestStep.Subscription => "Subscription",
        TestStep.Registration => "Registration",
        TestStep.Send => "Send",
        TestStep.Arrival => "Arrival",
        _ => throw new ArgumentOutOfRangeException(nameof(step)),
    };

    /// <summary>The step as the API and the markup name it.</summary>
    public static string Key(TestStep step) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(step.ToString());

    /// <summary>How far it has come, in words.</summary>
    public static string State(StepState state) => state switch
    {
        StepState.Waiting => "waiting",
        StepState.Passed => "passed",
        StepState.Failed => "failed",
        _ => "",
    };
}
