namespace Ringback.Engine.Tests.Model;

/// <summary>
/// Makes a story that shows a disagreement as short as it can: leaves out runs of steps, and then crashes, as long as some disagreement stays.
/// The general shrinking of the generator draws other stories; this one keeps the story and takes away what does not matter.
/// </summary>
internal static class Shortening
{
    /// <summary>The shortest story found, and what is wrong in it.</summary>
    public static DisagreementException Of(Story story, DisagreementException found)
    {
        for (var run = story.Steps.Count / 2; run > 0;)
        {
            var shorter = Enumerable.Range(0, story.Steps.Count).Select(from => WithoutRun(story, from, run)).Concat(run == 1 ? Calmer(story) : [])
                .Select(candidate => (candidate, fault: Try(candidate))).FirstOrDefault(tried => tried.fault is not null);
            if (shorter.fault is null) run /= 2;
            else (story, found, run) = (shorter.candidate, shorter.fault, Math.Min(run, Math.Max(1, shorter.candidate.Steps.Count / 2)));
        }
        return found;
    }

    private static Story WithoutRun(Story story, int from, int run) => story with { Steps = [.. story.Steps.Take(from), .. story.Steps.Skip(from + run)] };

    private static IEnumerable<Story> Calmer(Story story) =>
        Enumerable.Range(0, story.Steps.Count).Where(i => story.Steps[i].Crash != Crash.Never)
            .Select(i => story with { Steps = [.. story.Steps.Select((step, n) => n == i ? step with { Crash = Crash.Never } : step)] });

    private static DisagreementException? Try(Story story)
    {
        try
        {
            Stage.Play(story, new Tally());
            return null;
        }
        catch (DisagreementException fault)
        {
            return fault;
        }
    }
}
