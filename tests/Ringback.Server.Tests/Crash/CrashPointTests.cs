using Ringback.Engine;
using Ringback.TestKit;
using Xunit;

namespace Ringback.Server.Tests.Crash;

/// <summary>
/// The crash table of ARCHITECTURE.md (rule B10): every named point, in every journey that passes it. Each case kills the process at the point, starts it
/// again and holds what was promised against what came of it.
/// </summary>
public abstract class CrashPointTests(ITestOutputHelper output, SiteDatabase database)
{
    public static TheoryData<string> Points => [.. CrashPoints.All];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task A_crash_loses_nothing_and_doubles_nothing(string point)
    {
        await using var site = await ProcessSite.StartAsync(on: database);
        // The journeys differ in what they decide, not in how it is written: on the second database the shortest of each kind suffice.
        CrashJourney[] journeys = database == SiteDatabase.PostgreSql
            ? [new CreateJourney(site), new UpcomingJourney(site), new PurgeJourney(site)]
            : [
                new CreateJourney(site), new UpcomingJourney(site), new NextJourney(site), new AttemptFailedJourney(site), new PurgeJourney(site), new ReadyJourney(site), new CallInJourney(site),
            ];
        foreach (var journey in journeys.Where(j => j.Passes(point)))
        {
            // Where several processes may share the database, what the dead one had claimed rests until its lease ends; the next journey must not begin before.
            await site.QuietAsync();
            await journey.ArrangeAsync();
            await site.QuietAsync();
            await site.ArmAsync(point);
            var request = journey.TriggerAsync();
            await site.ServerDiedAsync($"{journey} at {point}");
            await request;
            await site.StartServerAsync();
            await journey.FinishAsync();
        }

        var report = await site.InspectAsync([.. journeys.SelectMany(j => j.Known)]);
        output.WriteLine($"{point} on {database}: {report}");
        Assert.Empty(report.Violations);
        Assert.Empty(report.Open);
        Assert.Empty(report.Refused);
        // Each push goes to two targets. At after-send both may be in flight, at recorded one is recorded; at all others nothing was sent.
        var inFlight = journeys.Count(j => j.DecidesPush) * point switch { CrashPoints.AfterSend => 2, CrashPoints.Recorded => 1, _ => 0 };
        Assert.True(report.Repeated <= inFlight, $"{report.Repeated} messages were repeated, {inFlight} were in flight.");
    }
}

/// <summary>On SQLite. A class for each database, so that one waits while the other works.</summary>
public sealed class SqliteCrashPointTests(ITestOutputHelper output) : CrashPointTests(output, SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlCrashPointTests(ITestOutputHelper output) : CrashPointTests(output, SiteDatabase.PostgreSql);
