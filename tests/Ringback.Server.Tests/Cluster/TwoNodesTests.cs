using System.Text.Json;
using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Cluster;

/// <summary>F1 and ARCHITECTURE.md: two processes on one PostgreSQL are one server, whichever of them is asked, and one of them may die.</summary>
public sealed class TwoNodesTests
{
    private static readonly Dictionary<string, string> cluster = new() { ["Cluster__Enabled"] = "true" };

    [Fact]
    public async Task The_journey_succeeds_with_each_request_sent_to_the_other_node()
    {
        await using var site = await ProcessSite.StartAsync(cluster, SiteDatabase.PostgreSql);
        var (one, other) = (site.Client(site.Url), site.Client(await site.StartPeerAsync()));

        var known = new List<KnownCallback>();
        // Several queues, so that each node owns some of them whatever the placement is.
        foreach (var queue in Enumerable.Range(0, 6).Select(i => $"spread-{i}"))
        {
            await one.AddQueueAsync(queue, new { retrySeconds = new { noAnswer = 1 }, maxAttempts = 2 });
            await Report(other, queue, waiting: 50);
            var callback = await one.CreateAsync(queue, "+14155550123", $"{queue}-a", $"{queue}-b");
            known.Add(callback);
            var seenByOther = await other.EngageAsync("callbacks/retrieve", new { id = callback.Id });
            Assert.Equal(51, seenByOther.GetProperty("positionInQueue").GetInt32());
            await Report(one, queue, waiting: 0, departures: 50);
            await site.ArrivedAsync(PushEvents.Upcoming, callback.Id, callback.Targets);

            var first = await other.ManageAsync(HttpMethod.Post, $"queues/{queue}/next", new { agent = queue, waitSeconds = 10 });
            await Outcome(one, first, "NO_ANSWER");
            await site.ArrivedAsync(PushEvents.AttemptFailed, callback.Id, callback.Targets);
            var second = await one.ManageAsync(HttpMethod.Post, $"queues/{queue}/next", new { agent = queue, waitSeconds = 10 });
            await Outcome(other, second, "NO_ANSWER");
            await site.ArrivedAsync(PushEvents.FinalAttemptFailed, callback.Id, callback.Targets);
        }
        var report = await site.InspectAsync(known);
        Assert.Empty(report.Violations);
        Assert.Equal(0, report.Repeated);
    }

    [Fact]
    public async Task When_a_node_dies_the_other_one_takes_its_queues_over_and_nothing_is_lost()
    {
        await using var site = await ProcessSite.StartAsync(cluster, SiteDatabase.PostgreSql);
        var first = site.Client(site.Url);
        var survivor = site.Client(await site.StartPeerAsync());
        var known = new List<KnownCallback>();
        foreach (var queue in Enumerable.Range(0, 6).Select(i => $"spread-{i}"))
        {
            await first.AddQueueAsync(queue, new { maxTimeInQueueSeconds = 20 });
            await Report(survivor, queue, waiting: 50);
            known.Add(await first.CreateAsync(queue, "+14155550123", $"{queue}-a"));
        }

        await site.KillServerAsync();
        // Nobody speaks to the orphaned queues: the purge must come by itself, from the survivor.
        foreach (var callback in known) await site.ArrivedAsync(PushEvents.Purged, callback.Id, callback.Targets);
        // The survivor answers for every queue, also for those that the dead node owned.
        foreach (var callback in known)
            Assert.Equal("MAX_WAIT", (await survivor.EngageAsync("callbacks/retrieve", new { id = callback.Id })).GetProperty("callbackReason").GetString());
    }

    [Fact, Trait("Rule", "B10")]
    public async Task A_pause_that_one_node_was_told_holds_what_the_other_decides_and_its_end_lets_it_out_once()
    {
        await using var site = await ProcessSite.StartAsync(cluster, SiteDatabase.PostgreSql);
        var peer = await site.StartPeerAsync();
        var (one, other) = (site.Client(site.Url), site.Client(peer));
        // Several queues, so that each node owns some of them whatever the placement is.
        var queues = Enumerable.Range(0, 6).Select(i => $"spread-{i}").ToList();
        var known = new List<KnownCallback>();
        foreach (var queue in queues)
        {
            await one.AddQueueAsync(queue, new { maxAttempts = 1 });
            known.Add(await other.CreateAsync(queue, "+14155550123", $"{queue}-a"));
        }

        await one.ManageAsync(HttpMethod.Post, "delivery/pause", new { });
        // The gauge is what the process goes by; asking for the pauses would make it read them.
        await Eventually.UntilAsync(() => KnowsPauseAsync(peer), "the other node to learn of the pause");
        foreach (var queue in queues)
        {
            var attempt = await other.ManageAsync(HttpMethod.Post, $"queues/{queue}/next", new { agent = queue, waitSeconds = 10 });
            await Outcome(other, attempt, "NO_ANSWER");
        }
        foreach (var callback in known) await Eventually.UntilAsync(() => IsHeldAsync(other, callback.Id), $"the push of {callback.Id} to be held");
        Assert.Empty(await site.InboxAsync());

        await one.ManageAsync(HttpMethod.Post, "delivery/resume", new { });
        foreach (var callback in known) await site.ArrivedAsync(PushEvents.FinalAttemptFailed, callback.Id, callback.Targets);
        var report = await site.InspectAsync(known);
        Assert.Empty(report.Violations);
        Assert.Equal((0, known.Count), (report.Repeated, (await site.InboxAsync()).Count));
        await Eventually.UntilAsync(async () => !await KnowsPauseAsync(peer), "the other node to learn of its end");
    }

    private static async Task<bool> KnowsPauseAsync(Uri node)
    {
        using var http = new HttpClient();
        var metrics = await http.GetStringAsync(new Uri(node, "metrics"), TestContext.Current.CancellationToken);
        return metrics.Split('\n').Any(line => line.StartsWith("ringback_delivery_pauses{", StringComparison.Ordinal));
    }

    private static async Task<bool> IsHeldAsync(ProcessSiteClient client, Guid callback) => (await client.TimelineAsync(callback)).Any(entry =>
        entry.GetProperty("kind").GetString() == "push.retrying" && entry.GetProperty("detail").GetProperty("code").GetString() == "delivery.paused");

    private static Task<JsonElement> Report(ProcessSiteClient client, string queue, int waiting, int departures = 0) =>
        client.ManageAsync(HttpMethod.Put, $"queues/{queue}/state", new { agentsLoggedIn = 1, agentsReady = 0, interactionsWaiting = waiting, meanHandlingSeconds = 60, departures });

    private static Task<JsonElement> Outcome(ProcessSiteClient client, JsonElement attempt, string outcome) =>
        client.ManageAsync(HttpMethod.Post, $"attempts/{attempt.GetProperty("attemptId").GetString()}/outcome", new { outcome });
}
