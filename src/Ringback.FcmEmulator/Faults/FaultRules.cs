namespace Ringback.FcmEmulator.Faults;

/// <summary>The rules in force, in the order in which they came; the first that fits a send decides about it.</summary>
internal sealed class FaultRules(TimeProvider clock)
{
    public const int MaxRules = 100;

    private readonly Lock _gate = new();
    private volatile Entry[] _entries = [];
    private int _lastId;

    /// <summary>A rule with how often it fitted and how often it struck.</summary>
    public sealed record Standing(FaultRule Rule, long Fitted, long Struck);

    /// <summary>Adds a rule under a new id; null if there are too many.</summary>
    public FaultRule? Add(FaultRule rule)
    {
        lock (_gate)
        {
            if (_entries.Length >= MaxRules)
            {
                return null;
            }
            rule = rule with { Id = $"f{++_lastId}" };
            _entries = [.. _entries, new Entry(rule)];
            return rule;
        }
    }

    public bool Remove(string id)
    {
        lock (_gate)
        {
            var rest = _entries.Where(entry => entry.Rule.Id != id).ToArray();
            var removed = rest.Length < _entries.Length;
            _entries = rest;
            return removed;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _entries = [];
        }
    }

    public IReadOnlyList<Standing> List() => [.. _entries.Select(entry => entry.Standing)];

    /// <summary>The rule that strikes this send; null for almost every send of almost every emulator.</summary>
    public FaultRule? Strike(string projectId, string? token)
    {
        var entries = _entries;
        if (entries.Length == 0)
        {
            return null;
        }
        var now = clock.GetUtcNow();
        foreach (var entry in entries)
        {
            if (entry.Rule.Fits(projectId, token, now) && entry.Strikes())
            {
                return entry.Rule;
            }
        }
        return null;
    }

    private sealed class Entry(FaultRule rule)
    {
        private readonly Lock _gate = new();

#pragma warning disable CA5394 // A choice of faults that must repeat from its seed; nothing secret hangs on it.
        private readonly Random _choice = new(rule.Seed);
        private long _fitted;
        private long _struck;

        public FaultRule Rule => rule;

        public Standing Standing
        {
            get
            {
                lock (_gate)
                {
                    return new Standing(rule, _fitted, _struck);
                }
            }
        }

        public bool Strikes()
        {
            lock (_gate)
            {
                _fitted++;
                var strikes = rule.Share >= 1 || _choice.NextDouble() < rule.Share;
                _struck += strikes ? 1 : 0;
                return strikes;
            }
        }
#pragma warning restore CA5394
    }
}
