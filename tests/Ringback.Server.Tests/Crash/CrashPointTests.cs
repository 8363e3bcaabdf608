using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Crash;

/// <summary>
/// The crash table of ARCHITECTURE.md (rule B10): every named point, in every journey that passes it. Each journey kills the process at the point, starts it
/// again and holds what was promised against what came of it. One site serves all points of a database: making one takes longer than a crash.
/// </summary>
public abstract class CrashPointTests(ITestOutputHelper output, CrashSite crash)
{
    public static TheoryData<string> Points => [.. CrashPoints.All];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_crash_loses_nothing_and_doubles_nothing(string point)
    {
        var site = crash.Site;
        // The journeys differ in what they decide, not in how it is written: on the second database a shortest one of each kind suffices, since a restart takes seconds.
        CrashJourney[] all = crash.Database == SiteDatabase.PostgreSql
            ? [new CreateJourney(site, point), new UpcomingJourney(site, point), new PurgeJourney(site, point)]
            :
            [
                new CreateJourney(site, point), new UpcomingJourney(site, point), new NextJourney(site, point), new AttemptFailedJourney(site, point),
                new PurgeJourney(site, point), new ReadyJourney(site, point), new CallInJourney(site, point),
                new RescheduleJourney(site, point), new MergeJourney(site, point),
            ];
        var journeys = all.Where(j => j.PassesPoint).ToList();
        await site.RecoverAsync();
        await site.ForgetInboxAsync();
        foreach (var journey in journeys) await CrashAsync(site, journey, point);

        var report = await site.InspectAsync([.. journeys.SelectMany(j => j.Known)]);
        output.WriteLine($"{point}: {report}");
        Assert.Empty(report.Violations);
        Assert.Empty(report.Open);
        Assert.Empty(report.Refused);
        // Each push goes to two targets. At after-send both may be in flight, at recorded one is recorded; at all others nothing was sent.
        var inFlight = journeys.Count(j => j.DecidesPush) * point switch { CrashPoints.AfterSend => 2, CrashPoints.Recorded => 1, _ => 0 };
        Assert.True(report.Repeated <= inFlight, $"{report.Repeated} messages were repeated, {inFlight} were in flight.");
        // What is not over goes on living by the clock, and its next READY would arrive in the middle of another point.
        foreach (var callback in journeys.SelectMany(j => j.Known)) await site.Client().InsistAsync(HttpMethod.Post, "engagement/v3/callbacks/cancel", new { id = callback.Id });
    }

    private static async Task CrashAsync(ProcessSite site, CrashJourney journey, string point)
    {
        while (true)
        {
            await journey.ArrangeAsync();
            await site.QuietAsync();
            await site.ArmAsync(point);
            if (journey.IsArmedInTime) break;
            await site.RecoverAsync();
        }
        var request = journey.TriggerAsync();
        await site.ServerDiedAsync($"{journey} at {point}");
        await request;
        await site.StartServerAsync();
        await journey.FinishAsync();
        // What is left on its way would meet the next journey's crash.
        await site.QuietAsync();
    }
}

/// <summary>The site of a class of crash tests.</summary>
public abstract class CrashSite(SiteDatabase database) : IAsyncLifetime
{
    public SiteDatabase Database => database;

    public ProcessSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Site = await ProcessSite.StartAsync(on: database);

    public async ValueTask DisposeAsync()
    {
        await Site.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>On SQLite. A class for each database, so that one waits while the other works.</summary>
public sealed class SqliteCrashPointTests(ITestOutputHelper output, SqliteCrashPointTests.OwnSite site) : CrashPointTests(output, site), IClassFixture<SqliteCrashPointTests.OwnSite>
{
    public sealed class OwnSite() : CrashSite(SiteDatabase.Sqlite);
}

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlCrashPointTests(ITestOutputHelper output, PostgreSqlCrashPointTests.OwnSite site) : CrashPointTests(output, site), IClassFixture<PostgreSqlCrashPointTests.OwnSite>
{
    public sealed class OwnSite() : CrashSite(SiteDatabase.PostgreSql);
}
