namespace Ringback.Engine.Firebase;

/// <summary>
/// Time-outs for requests by the hundred thousand. Requests that begin within the same second share one source, which cancels when the last of them has had its time: a timer
/// and a source of its own for each costs a twentieth of a send.
/// </summary>
/// <param name="timeout">What every request has at least.</param>
/// <param name="clock">Our clock.</param>
internal sealed class SharedDeadlines(TimeSpan timeout, TimeProvider clock)
{
    private static readonly TimeSpan width = TimeSpan.FromSeconds(1);

    private Slot? current;

    /// <summary>What a request may have at most. One that must have ended sooner needs a deadline of its own.</summary>
    public TimeSpan Longest => timeout + width;

    /// <summary>A token that is cancelled once the time-out has passed, at most a second later, or as soon as <paramref name="caller"/> is.</summary>
    public CancellationToken Take(CancellationToken caller)
    {
        var slot = Volatile.Read(ref current);
        var now = clock.GetTimestamp();
        if (slot is null || slot.Caller != caller || clock.GetElapsedTime(slot.Begun, now) >= width) Volatile.Write(ref current, slot = new Slot(now, Longest, clock, caller));
        return slot.Token;
    }

    private sealed class Slot
    {
        public Slot(long begun, TimeSpan after, TimeProvider clock, CancellationToken caller)
        {
            (Begun, Caller) = (begun, caller);
#pragma warning disable CA2000 // Nobody knows who is the last to use it. It ends with its timer, and leaves nothing behind.
            var source = new CancellationTokenSource(after, clock);
#pragma warning restore CA2000
            Token = source.Token;
            var ended = caller.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
            Token.UnsafeRegister(static ended => ((CancellationTokenRegistration)ended!).Unregister(), ended); // The caller outlives it.
        }

        public long Begun { get; }

        public CancellationToken Caller { get; }

        public CancellationToken Token { get; }
    }
}
