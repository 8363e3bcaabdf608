namespace Ringback.FcmEmulator.Faults;

/// <summary>A fault that is in force for every send, whoever asks and whatever is sent.</summary>
internal abstract record Fault
{
    private Fault()
    {
    }

    public sealed record None : Fault;

    /// <summary>FCM is gone: 503, with <c>Retry-After</c> if given.</summary>
    public sealed record Unavailable(int? RetryAfterSeconds) : Fault;
}

/// <summary>The fault in force.</summary>
internal sealed class FaultSwitch
{
    private volatile Fault _current = new Fault.None();

    public Fault Current
    {
        get => _current;
        set => _current = value;
    }
}
