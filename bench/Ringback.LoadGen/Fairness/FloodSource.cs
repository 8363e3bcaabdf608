using System.Globalization;
using Ringback.LoadGen.Running;

namespace Ringback.LoadGen.Fairness;

/// <summary>Queues whose wait falls for all at once: callbacks with ten push targets each, so that a flood of a hundred thousand pushes takes ten thousand of them.</summary>
/// <param name="tenant">Whose.</param>
/// <param name="name">Beginning of the queues' names.</param>
/// <param name="firebaseApp">The app that they send for; null is the default one.</param>
/// <param name="timeToLiveSeconds">How long its pushes live; null: as long as they do.</param>
internal sealed class FloodSource(LoadTenant tenant, string name, string? firebaseApp, int? timeToLiveSeconds)
{
    public const int Queues = 50;

    private const int Targets = 10;
    private const int AtOnce = 32;
    private int made;
    private int fallen;

    /// <summary>Callbacks a queue that make up so many pushes, or a few less.</summary>
    public static int PerQueue(int pushes) => Math.Max(1, pushes / (Queues * Targets));

    /// <summary>Pushes that this is.</summary>
    public static int Pushes(int perQueue) => perQueue * Queues * Targets;

    public async Task AddQueuesAsync()
    {
        var settings = new Dictionary<string, object>();
        if (firebaseApp is not null) settings["firebaseApp"] = firebaseApp;
        if (timeToLiveSeconds is { } seconds) settings["timeToLiveSeconds"] = new Dictionary<string, int> { [Receiving.Arrival.Upcoming] = seconds };
        for (var queue = 0; queue < Queues; queue++)
        {
            await tenant.AddQueueAsync(QueueName(queue), settings);
            await tenant.ReportAsync(QueueName(queue), below: 0);
        }
    }

    /// <summary>Adds callbacks to each queue.</summary>
    public async Task CreateAsync(int perQueue, Action counted)
    {
        var first = made;
        made += perQueue;
        await Parallel.ForEachAsync(Enumerable.Range(first * Queues, perQueue * Queues), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            await tenant.CreateAsync(QueueName(number % Queues), number, Enumerable.Range(0, Targets).Select(target => LoadTenant.TokenOf(((long)number * Targets) + target)));
            counted();
        });
    }

    /// <summary>The wait falls for the next callbacks of every queue at once.</summary>
    public Task FallAsync(int perQueue)
    {
        fallen += perQueue;
        return Parallel.ForEachAsync(Enumerable.Range(0, Queues), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (queue, _) => await tenant.ReportAsync(QueueName(queue), fallen));
    }

    private string QueueName(int queue) => string.Create(CultureInfo.InvariantCulture, $"{name}-{queue}");
}
