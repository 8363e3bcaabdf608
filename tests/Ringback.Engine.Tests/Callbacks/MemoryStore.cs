using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Engine.Tests.Model;
using Xunit;

namespace Ringback.Engine.Tests.Callbacks;

/// <summary>A row of the outbox and what became of it.</summary>
internal sealed class StoredPush(OutboxRow row, CallbackRecord callback)
{
    public OutboxRow Row { get; } = row;

    /// <summary>Its callback as it stood at the decision.</summary>
    public CallbackRecord Callback { get; } = callback;

    public Fate Fate { get; set; }
}

/// <summary>What a database would hold after the changes of a queue, with the constraints that the real ones have.</summary>
internal sealed class MemoryStore(QueueSettings settings)
{
    private readonly Dictionary<Guid, CallbackRecord> callbacks = [];
    private readonly Dictionary<Guid, AttemptRecord> attempts = [];
    private readonly Dictionary<Guid, CallInRecord> callIns = [];
    private readonly HashSet<(Guid Callback, int Sequence)> timelineKeys = [];
    private readonly List<(Guid Callback, string Reason)> suppressed = [];
    private readonly HashSet<(Guid Callback, string Event, int Round, int Target)> outboxKeys = [];
    private int settingsVersion = 1;

    public IReadOnlyDictionary<Guid, CallbackRecord> Callbacks => callbacks;

    public IReadOnlyDictionary<Guid, AttemptRecord> Attempts => attempts;

    public IReadOnlyDictionary<Guid, CallInRecord> CallIns => callIns;

    public List<StoredPush> Outbox { get; } = [];

    public QueueSettings Settings { get; private set; } = settings;

    public LiveState Live { get; private set; } = new();

    /// <summary>Reasons on the timeline for which an event was held back.</summary>
    public IEnumerable<string> SuppressedOf(Guid callback) => suppressed.Where(s => s.Callback == callback).Select(s => s.Reason);

    public void Apply(IReadOnlyList<Change> changes)
    {
        foreach (var change in changes)
        {
            switch (change)
            {
                case Change.CallbackCreated c:
                    callbacks.Add(c.Callback.Id, c.Callback);
                    break;
                case Change.CallbackChanged c:
                    Assert.True(callbacks.ContainsKey(c.Callback.Id), "a change of a callback that was never created");
                    callbacks[c.Callback.Id] = c.Callback;
                    break;
                case Change.TimelineAdded t:
                    Assert.True(timelineKeys.Add((t.CallbackId, t.Entry.Sequence)), "a timeline number used twice");
                    if (t.Entry.Kind == "push.suppressed") suppressed.Add((t.CallbackId, (string)t.Entry.Detail["reason"]!));
                    break;
                case Change.PushDecided { Row: var row }:
                    Assert.True(outboxKeys.Add((row.Message.CallbackId, row.Message.Event, row.Round, row.TargetOrdinal)), $"{row.Message.Event} round {row.Round} decided twice");
                    Outbox.Add(new StoredPush(row, callbacks[row.Message.CallbackId]));
                    break;
                case Change.PushesWithdrawn w:
                    foreach (var push in Outbox.Where(p => p.Fate == Fate.Waits && p.Row.Message.CallbackId == w.CallbackId && w.Events.Contains(p.Row.Message.Event))) push.Fate = Fate.Withdrawn;
                    break;
                case Change.AttemptSaved a:
                    attempts[a.Attempt.Id] = a.Attempt;
                    break;
                case Change.CallInSaved c:
                    callIns[c.CallIn.Id] = c.CallIn;
                    break;
                case Change.LiveStateChanged l:
                    Live = l.Live;
                    break;
                case Change.SettingsChanged s:
                    (Settings, settingsVersion) = (s.Settings, s.Version);
                    break;
                case Change.TargetsReplaced t:
                    foreach (var push in Outbox.Where(p => p.Fate == Fate.Waits && p.Row.Message.CallbackId == t.CallbackId && t.Slots[p.Row.TargetOrdinal] is null)) push.Fate = Fate.Withdrawn;
                    break;
                default:
                    throw new InvalidOperationException(change.GetType().Name);
            }
        }
    }

    /// <summary>Everything that waits is sent.</summary>
    public void Deliver()
    {
        foreach (var push in Outbox.Where(p => p.Fate == Fate.Waits)) push.Fate = Fate.Sent;
    }

    /// <summary>What an owner that starts now would load.</summary>
    public QueueSnapshot Load()
    {
        var open = attempts.Values.Where(a => a.State != AttemptState.Ended).ToList();
        var held = callbacks.Values.Where(c => c.State != CallbackState.Completed || open.Exists(a => a.CallbackId == c.Id)).ToList();
        var newest = callIns.Values.Where(c => c.CallbackId is not null).GroupBy(c => c.CallbackId).Select(g => g.OrderBy(c => c.MatchedAt is not null).ThenBy(c => c.CreatedAt).Last()).ToList();
        return new QueueSnapshot(1, "queue", Settings, settingsVersion, Live, held, open, newest);
    }
}
