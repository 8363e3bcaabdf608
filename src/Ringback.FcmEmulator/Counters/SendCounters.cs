using System.Runtime.InteropServices;

namespace Ringback.FcmEmulator.Counters;

/// <summary>What became of the sends: by project and answer, and by target.</summary>
internal sealed class SendCounters(TimeProvider clock)
{
    public const string Accepted = "OK";

    /// <summary>Targets come from callers: the ones seen first are forgotten first.</summary>
    private const int MaxTargets = 10_000;

    /// <summary>With any account allowed, callers choose the project names; further ones count together.</summary>
    private const int MaxProjects = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Project, string Answer), long> _answers = [];
    private readonly Dictionary<string, TargetState> _targets = new(StringComparer.Ordinal);
    private readonly Queue<string> _targetsByAge = new();

    /// <param name="projectId">The project named in the path, believed or not.</param>
    /// <param name="target">Token or installation id; null for topics, conditions and what was refused unread.</param>
    /// <param name="answer"><see cref="Accepted"/>, a name of FCM's errors, or the fault that struck.</param>
    public void Count(string projectId, string? target, string answer)
    {
        lock (_gate)
        {
            var key = (_answers.Count < MaxProjects * 10 ? projectId : "", answer);
            CollectionsMarshal.GetValueRefOrAddDefault(_answers, key, out _)++;
            if (target is null)
            {
                return;
            }
            ref var state = ref CollectionsMarshal.GetValueRefOrAddDefault(_targets, target, out var known);
            state.ProjectId = projectId;
            state.Accepted += answer == Accepted ? 1 : 0;
            state.Refused += answer == Accepted ? 0 : 1;
            state.LastAnswer = answer;
            state.LastAt = clock.GetUtcNow();
            if (!known)
            {
                _targetsByAge.Enqueue(target);
                if (_targetsByAge.Count > MaxTargets)
                {
                    _targets.Remove(_targetsByAge.Dequeue());
                }
            }
        }
    }

    public IReadOnlyList<(string Project, string Answer, long Count)> Answers()
    {
        lock (_gate)
        {
            return [.. _answers.Select(pair => (pair.Key.Project, pair.Key.Answer, pair.Value)).Order()];
        }
    }

    /// <summary>The targets used last.</summary>
    public IReadOnlyList<(string Target, TargetState State)> Targets(int newest)
    {
        lock (_gate)
        {
            return [.. _targets.Select(pair => (pair.Key, pair.Value)).OrderByDescending(pair => pair.Value.LastAt).Take(newest)];
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _answers.Clear();
            _targets.Clear();
            _targetsByAge.Clear();
        }
    }
}

/// <summary>What a target has seen so far.</summary>
internal record struct TargetState(string ProjectId, long Accepted, long Refused, string LastAnswer, DateTimeOffset LastAt);
