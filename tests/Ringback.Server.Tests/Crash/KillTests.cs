using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Crash;

/// <summary><c>kill -9</c> at instants that nobody chose (rule B10).</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 5;
    private const int SendsInFlight = 20;

    [Theory]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task Killed_at_random_instants_under_load_the_server_keeps_every_promise(SiteDatabase database)
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var dice = new Random(seed);
        await using var site = await ProcessSite.StartAsync(new Dictionary<string, string> { ["Delivery__SendsInFlight"] = $"{SendsInFlight}", ["Throttles__CreatesPerTenantPerMinute"] = "0" }, database);
        var load = new CrashLoad(site, dice);
        await load.PrepareAsync();
        using var stop = new CancellationTokenSource();
        var work = load.RunAsync(stop.Token);
        for (var kill = 0; kill < Kills; kill++)
        {
            // Each life gets something done first, on however slow a machine; from there on the instant is random, so there is no condition to wait for.
            var (created, reported) = (load.Known.Count, load.Outcomes);
            await ProcessSitePoll.UntilAsync("work gets done", () => Task.FromResult(load.Known.Count >= created + 10 && load.Outcomes >= reported + 3));
            await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(0, 1_000)), TimeProvider.System, TestContext.Current.CancellationToken);
            await site.RestartServerAsync();
        }
        await ProcessSitePoll.UntilAsync("every wish was granted", () => Task.FromResult(load.HasGrantedAll));
        await stop.CancelAsync();
        await work;

        var report = await site.InspectAsync(load.Known);
        await load.CheckOutcomesAsync();
        await load.CheckWishesAsync();
        output.WriteLine($"{report}{load.Outcomes} outcomes");
        Assert.Empty(report.Violations);
        Assert.Empty(report.Open);
        Assert.Empty(report.Refused);
        Assert.Empty(load.Faults);
        // In flight at a kill: what is on the wire, and as much again for the answers that a commit writes and those that gather behind it.
        Assert.True(report.Repeated <= Kills * 3 * SendsInFlight, $"Too many repetitions: {report}");
        Assert.True(report.Callbacks > 20 && load.Outcomes > 10 && report.Decided > 20, $"Too little happened to prove anything: {report}");
    }

    [Fact]
    public async Task What_is_sent_while_the_emulator_is_dead_arrives_once_it_is_back_and_its_inbox_is_kept()
    {
        await using var site = await ProcessSite.StartAsync();
        var client = site.Client();
        var before = await UpcomingAsync(client, "before");
        await site.ArrivedAsync(PushEvents.Upcoming, before.Id, before.Targets);

        await site.KillEmulatorAsync();
        var meanwhile = await UpcomingAsync(client, "meanwhile");
        await RetryingAsync(client, meanwhile);
        await site.StartEmulatorAsync();

        await site.ArrivedAsync(PushEvents.Upcoming, before.Id, before.Targets);
        await site.ArrivedAsync(PushEvents.Upcoming, meanwhile.Id, meanwhile.Targets);
        await AssertKeptAsync(site, [before, meanwhile]);
    }

    [Fact]
    public async Task Both_killed_at_once_go_on_together()
    {
        await using var site = await ProcessSite.StartAsync();
        var client = site.Client();
        var before = await UpcomingAsync(client, "before");
        await site.ArrivedAsync(PushEvents.Upcoming, before.Id, before.Targets);

        await site.KillEmulatorAsync();
        var meanwhile = await UpcomingAsync(client, "meanwhile");
        await RetryingAsync(client, meanwhile);
        var inFlight = await UpcomingAsync(client, "in-flight");
        await site.KillServerAsync();
        await Task.WhenAll(site.StartServerAsync(), site.StartEmulatorAsync());

        foreach (var callback in new[] { before, meanwhile, inFlight }) await site.ArrivedAsync(PushEvents.Upcoming, callback.Id, callback.Targets);
        await AssertKeptAsync(site, [before, meanwhile, inFlight]);
    }

    /// <summary>A callback of a queue of its own whose CALLBACK_UPCOMING is decided.</summary>
    private static async Task<KnownCallback> UpcomingAsync(ProcessSiteClient client, string queue)
    {
        await client.AddQueueAsync(queue, new { });
        await client.ReportAsync(queue, waiting: 12, ready: 0, departures: 0, "busy");
        var callback = await client.CreateAsync(queue, "+14155550123", $"{queue}-phone", $"{queue}-tablet");
        await client.ReportAsync(queue, waiting: 1, ready: 0, departures: 11, "calm");
        return callback;
    }

    private static Task RetryingAsync(ProcessSiteClient client, KnownCallback callback) =>
        ProcessSitePoll.UntilAsync("the pushes have met a dead emulator", async () =>
            (await client.TimelineAsync(callback.Id)).Count(e => e.GetProperty("kind").GetString() == "push.retrying") == callback.Targets.Count);

    private async Task AssertKeptAsync(ProcessSite site, IReadOnlyCollection<KnownCallback> callbacks)
    {
        var report = await site.InspectAsync(callbacks);
        output.WriteLine(report.ToString());
        Assert.Empty(report.Violations);
        Assert.Empty(report.Open);
        Assert.Empty(report.Refused);
    }
}
