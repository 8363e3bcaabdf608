namespace Ringback.LoadGen.Running;

/// <summary>What is to come of each call: fixed by the callback's id, so that a run can be told in numbers beforehand.</summary>
internal static class LoadPlan
{
    public const int MaxAttempts = 3;

    /// <summary>One callback in ten is never reached, three in ten answer the second call, the rest the first.</summary>
    public static bool IsAnswered(Guid callbackId, int attempt)
    {
        Span<byte> bytes = stackalloc byte[16];
        callbackId.TryWriteBytes(bytes);
        return (bytes[15] % 10) switch
        {
            0 => false,
            <= 3 => attempt > 1,
            _ => true,
        };
    }
}
