using System.Collections.Concurrent;
using System.Text.Json;
using Ringback.Engine;
using Ringback.TestKit;

namespace Ringback.Server.Tests.Crash;

/// <summary>
/// Apps, a PBX and agents at work on one queue. Whatever is not answered they send again, unchanged, as clients must; what was answered they remember and
/// hold against the server later.
/// </summary>
internal sealed partial class CrashLoad(ProcessSite site, Random dice)
{
    private const string Queue = "load";
    private static readonly string[] outcomes = ["NO_ANSWER", "BUSY", "DECLINED", "COMPLETED", "COMPLETED"];
    private readonly ProcessSiteClient client = site.Client();
    private readonly ConcurrentBag<KnownCallback> known = [];
    private readonly ConcurrentBag<string> faults = [];
    private readonly ConcurrentDictionary<(Guid Callback, int Number), (string AttemptId, string Outcome)> reported = new();
    private int numbers;

    /// <summary>Callbacks whose create was answered.</summary>
    public IReadOnlyCollection<KnownCallback> Known => known;

    /// <summary>Attempts whose outcome was answered.</summary>
    public int Outcomes => reported.Count;

    /// <summary>What no client may meet, whatever died under it.</summary>
    public IReadOnlyCollection<string> Faults => faults;

    public async Task PrepareAsync()
    {
        var timeToLiveSeconds = new Dictionary<string, int> { [PushEvents.AttemptFailed] = 600 };
        var retrySeconds = new { noAnswer = 1, busy = 1, declined = 1 };
        await client.AddQueueAsync(Queue, new { retrySeconds, maxAttempts = 2, inFlightCap = 1_000, timeToLiveSeconds, maxCreatesPerMinute = 0 });
        await client.AddQueueAsync(CallInQueue, new { type = "USERORIGINATED", callInGroup = ProcessSite.CallInGroup, maxCreatesPerMinute = 0 });
    }

    /// <summary>Works until told to stop, and then to the end of what is begun.</summary>
    public Task RunAsync(CancellationToken stop) => Task.WhenAll(
        [ReportAsync(stop), WishAsync(new Random(dice.Next()), stop), CallInAsync(stop), CallUnaskedAsync(stop), .. Enumerable.Range(0, 3).Select(_ => CreateAsync(stop)), .. Enumerable.Range(0, 3).Select(agent => WorkAsync($"agent-{agent}", new Random(dice.Next()), stop))]);

    /// <summary>Whether every outcome that was answered is on the callback's timeline, once.</summary>
    public async Task CheckOutcomesAsync()
    {
        foreach (var callback in reported.GroupBy(r => r.Key.Callback))
        {
            var recorded = (await client.TimelineAsync(callback.Key)).Where(e => e.GetProperty("kind").GetString() == "attempt.outcome")
                .Select(e => (e.GetProperty("detail").GetProperty("attempt").GetInt32(), e.GetProperty("detail").GetProperty("outcome").GetString()!)).ToList();
            foreach (var (key, value) in callback)
            {
                var times = recorded.Count(r => r == (key.Number, value.Outcome));
                if (times != 1) faults.Add($"{key}: outcome {value.Outcome} was answered and is recorded {times} times");
            }
        }
    }

    private async Task CreateAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var number = Interlocked.Increment(ref numbers);
            known.Add(await client.CreateAsync(Queue, $"+1415{2_300_000 + number}", $"load-{number}-phone", $"load-{number}-tablet"));
        }
    }

    /// <summary>Up and down: whoever comes while the wait is long is told once it is short.</summary>
    private async Task ReportAsync(CancellationToken stop)
    {
        for (var report = 0; !stop.IsCancellationRequested; report++)
        {
            var waiting = report % 2 == 0 ? 2_000 : 0;
            await client.ManageAsync(HttpMethod.Put, $"queues/{Queue}/state",
                new { agentsLoggedIn = 5, agentsReady = 0, interactionsWaiting = waiting, meanHandlingSeconds = 1, departures = 2_000 - waiting, reportId = $"report-{report}" });
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task WorkAsync(string agent, Random own, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var answer = await client.InsistAsync(HttpMethod.Post, $"management/v1/queues/{Queue}/next", new { agent, waitSeconds = 1 });
            if (answer.Status == 200) await DialAsync(answer.Body, outcomes[own.Next(outcomes.Length)]);
        }
    }

    private async Task DialAsync(JsonElement attempt, string outcome)
    {
        var id = attempt.GetProperty("attemptId").GetString()!;
        var key = (attempt.GetProperty("callbackId").GetGuid(), attempt.GetProperty("attempt").GetInt32());
        if (reported.TryGetValue(key, out var earlier)) faults.Add($"{key} was given out as {id} though {earlier} was answered");
        var answer = await client.InsistAsync(HttpMethod.Post, $"management/v1/attempts/{id}/outcome", new { outcome });
        if (answer.Status == 200) reported[key] = (id, outcome);
        // 409: the customer has called in meanwhile, and the attempt has become that call (rule C1).
        else if (answer.Status != 409 || !unasked.ContainsKey(key.Item1)) faults.Add($"{key}: outcome {outcome} of attempt {id} was answered with {answer.Status} {answer.Body}");
    }
}
