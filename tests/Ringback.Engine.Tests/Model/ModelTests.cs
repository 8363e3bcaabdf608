using System.Diagnostics;
using System.Globalization;
using CsCheck;
using Ringback.Engine.Callbacks;
using Xunit;
using static System.FormattableString;

namespace Ringback.Engine.Tests.Model;

/// <summary>
/// Rules B and D as a whole: random stories of requests, reports, outcomes, settings, time and crashes, played on the engine and on a reference model
/// that was written from the rules alone. <c>docs/development.md</c> says how to play more of them.
/// </summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Usual = 2_000;

    [Fact]
    public void Whatever_happens_engine_and_rules_agree_and_a_crash_at_any_moment_changes_nothing()
    {
        var seed = Setting("RINGBACK_MODEL_SEED") ?? Random.Shared.Next();
        var stories = Setting("RINGBACK_MODEL_STORIES") ?? Usual;
        var watch = Stopwatch.GetTimestamp();
        var tally = new Tally();
        var dice = new PCG((uint)seed);
        for (var n = 1; n <= stories; n++)
        {
            var story = Stories.Any.Generate(dice, null, out _);
            try
            {
                Stage.Play(story, tally);
            }
            catch (DisagreementException found)
            {
                Assert.Fail(Invariant($"Story {n} of seed {seed} (RINGBACK_MODEL_SEED={seed} plays it again), made as short as it could be:\n\n{Shortening.Of(story, found).Message}"));
            }
        }
        output.WriteLine(Invariant($"{tally.Stories} stories of seed {seed}: {tally.Callbacks} callbacks, {tally.Commands} commands, {tally.Crashes} crashes"));
        if (Environment.GetEnvironmentVariable("RINGBACK_MODEL_REPORT") is { Length: > 0 } path) File.WriteAllText(path, Report(tally, seed, Stopwatch.GetElapsedTime(watch)));
        if (stories >= Usual) CheckThatEverythingHappened(tally);
    }

    /// <summary>Stories in which nothing happens prove nothing.</summary>
    private static void CheckThatEverythingHappened(Tally tally)
    {
        Assert.All(Enum.GetNames<CompletionReason>(), reason => Assert.Contains(reason, tally.Ends.Keys));
        Assert.All(PushEvents.All, name => Assert.Contains(name, tally.Events.Keys));
        Assert.True(tally.Crashes > 0);
    }

    private static int? Setting(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : null;

    private static string Report(Tally tally, int seed, TimeSpan took) => Invariant(
        $"""
        # Engine and reference model

        {tally.Stories} random stories of seed {seed}, with {tally.Callbacks} callbacks, {tally.Commands} commands and {tally.Crashes} crashes, took {took.TotalSeconds:0} s. No disagreement.

        Made by `RINGBACK_MODEL_STORIES={tally.Stories} RINGBACK_MODEL_SEED={seed} RINGBACK_MODEL_REPORT=… dotnet artifacts/bin/Ringback.Engine.Tests/release/Ringback.Engine.Tests.dll -class '*ModelTests'`.

        {tally.ToMarkdown().TrimEnd()}

        """);
}
