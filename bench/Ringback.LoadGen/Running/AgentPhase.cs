using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ringback.LoadGen.Receiving;

namespace Ringback.LoadGen.Running;

/// <summary>Agents take callbacks and report what became of them, until every callback is over.</summary>
internal sealed class AgentPhase(LoadSite site, LoadOptions options)
{
    private static readonly TimeSpan idle = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<(Guid Callback, int Attempt), DateTimeOffset> reportedAt = new();
    private int completed;
    private int outcomes;
    private int calls;

    public async Task<(Phase Phase, Latency? Latency, int Completed)> RunAsync(string what, Progress progress, CancellationToken limit)
    {
        var first = site.Arrivals.Count;
        progress.Show(() => $"{what}: {outcomes} outcomes, {completed} of {options.Callbacks} callbacks are over, {site.Arrivals.Count - first} pushes have arrived");
        var before = await Usage.TakeAsync(site);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, options.Agents).Select(agent => WorkAsync(agent, limit)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var used = (await Usage.TakeAsync(site)).Since(before);
        await BurstPhase.RecordedAsync(site.Tenant, limit);
        await site.Arrivals.CatchUpAsync();
        var latencies = site.Arrivals.Since(first).Where(a => reportedAt.ContainsKey((a.CallbackId, a.Number))).Select(a => (a.At - reportedAt[(a.CallbackId, a.Number)]).TotalMilliseconds);
        return (new Phase("agents' calls", calls, seconds, used), Latency.Of(latencies), completed);
    }

    private async Task WorkAsync(int number, CancellationToken limit)
    {
        var agent = string.Create(CultureInfo.InvariantCulture, $"agent-{number}");
        var (queue, empty) = (number % options.Queues, 0);
        while (Volatile.Read(ref completed) < options.Callbacks && !limit.IsCancellationRequested)
        {
            using var answer = await site.Management.PostAsJsonAsync($"management/v1/queues/{LoadSite.QueueName(options.FirstQueue + queue)}/next", new { agent, waitSeconds = 0 }, CancellationToken.None);
            answer.EnsureSuccessStatusCode();
            Interlocked.Increment(ref calls);
            if (answer.StatusCode == HttpStatusCode.NoContent)
            {
                queue = (queue + 1) % options.Queues;
                // Whoever waits for a retry is in no line yet: once round without anybody is a reason to rest.
                if (++empty % options.Queues == 0) await Task.Delay(idle, TimeProvider.System, CancellationToken.None);
                continue;
            }
            empty = 0;
            await CallAsync(await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None));
        }
    }

    private async Task CallAsync(JsonElement order)
    {
        var (attemptId, callbackId, attempt) = (order.GetProperty("attemptId").GetGuid(), order.GetProperty("callbackId").GetGuid(), order.GetProperty("attempt").GetInt32());
        if (LoadPlan.IsAnswered(callbackId, attempt))
        {
            await ReportAsync(attemptId, "CONNECTED");
            await ReportAsync(attemptId, "COMPLETED");
        }
        else
        {
            reportedAt[(callbackId, attempt)] = TimeProvider.System.GetUtcNow();
            await ReportAsync(attemptId, "NO_ANSWER");
        }
    }

    private async Task ReportAsync(Guid attemptId, string outcome)
    {
        using var answer = await site.Management.PostAsJsonAsync($"management/v1/attempts/{attemptId}/outcome", new { outcome });
        answer.EnsureSuccessStatusCode();
        Interlocked.Increment(ref calls);
        Interlocked.Increment(ref outcomes);
        var state = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("callbackState").GetString();
        if (state == "COMPLETED") Interlocked.Increment(ref completed);
    }
}
