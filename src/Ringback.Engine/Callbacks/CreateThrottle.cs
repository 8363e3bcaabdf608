using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>
/// How many callbacks a queue has taken lately, altogether and for each number (rule D9). Only those that were taken count, so that a request that is sent
/// again is answered whatever the limits are. It is kept in memory: whoever takes the queue over counts those that are not over.
/// </summary>
internal sealed class CreateThrottle
{
    private static readonly TimeSpan perNumber = TimeSpan.FromHours(1);
    private static readonly TimeSpan perQueue = TimeSpan.FromMinutes(1);

    private readonly SlidingWindow ofQueue = new(perQueue);
    private readonly Dictionary<string, SlidingWindow> ofNumbers = [];
    private readonly Queue<(string Number, DateTimeOffset At)> numbersToForget = new();
    private bool counts;

    /// <summary>Begins to count with the callbacks that there are, where the settings have a limit for the first time.</summary>
    public void Use(QueueSettings settings, IEnumerable<Callback> callbacks, DateTimeOffset now)
    {
        if (counts || settings is { MaxCreatesPerNumberPerHour: 0, MaxCreatesPerMinute: 0 }) return;
        counts = true;
        foreach (var callback in callbacks.Where(c => c.CreatedAt > now - perNumber).OrderBy(c => c.CreatedAt)) Add(callback.PhoneNumber, callback.CreatedAt);
    }

    /// <summary>A callback was taken.</summary>
    public void Add(string number, DateTimeOffset at)
    {
        if (!counts) return;
        ofQueue.Add(at);
        if (!ofNumbers.TryGetValue(number, out var ofNumber)) ofNumbers.Add(number, ofNumber = new SlidingWindow(perNumber));
        ofNumber.Add(at);
        numbersToForget.Enqueue((number, at));
    }

    /// <summary>Why another callback for this number must wait, and how long; null = it need not.</summary>
    public Fault? Judge(string number, QueueSettings settings, DateTimeOffset now)
    {
        Forget(now);
        if (ofNumbers.TryGetValue(number, out var ofNumber) && ofNumber.WaitFor(settings.MaxCreatesPerNumberPerHour, now) is { } untilNumber)
            return Later("Too many callbacks were asked for with this phone number within an hour.", untilNumber);
        return ofQueue.WaitFor(settings.MaxCreatesPerMinute, now) is { } untilQueue
            ? Later("This queue has taken as many callbacks within a minute as it takes.", untilQueue)
            : null;
    }

    /// <summary>The refusal of a request that may come again later.</summary>
    internal static Fault Later(string reason, TimeSpan wait) =>
        Problems.TooManyRequests.With(FormattableString.Invariant($"{reason} Send the request again in {Math.Ceiling(wait.TotalSeconds)} seconds.")) with { RetryAfter = wait };

    private void Forget(DateTimeOffset now)
    {
        ofQueue.IsEmptyAt(now);
        while (numbersToForget.TryPeek(out var oldest) && oldest.At <= now - perNumber)
        {
            numbersToForget.Dequeue();
            if (ofNumbers.TryGetValue(oldest.Number, out var ofNumber) && ofNumber.IsEmptyAt(now)) ofNumbers.Remove(oldest.Number);
        }
    }
}
