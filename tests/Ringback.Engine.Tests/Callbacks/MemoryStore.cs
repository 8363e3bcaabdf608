using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Callbacks;

/// <summary>What a database would hold after the changes of a queue, with the constraints that the real ones have.</summary>
internal sealed class MemoryStore(QueueSettings settings)
{
    private readonly Dictionary<Guid, CallbackRecord> callbacks = [];
    private readonly Dictionary<Guid, AttemptRecord> attempts = [];
    private readonly Dictionary<Guid, CallInRecord> callIns = [];
    private readonly HashSet<(Guid Callback, int Sequence)> timeline = [];
    private readonly HashSet<(Guid Callback, string Event, int Round, int Target)> outboxKeys = [];
    private QueueSettings settings = settings;
    private LiveState live = new();

    public IReadOnlyDictionary<Guid, CallbackRecord> Callbacks => callbacks;

    public IReadOnlyDictionary<Guid, AttemptRecord> Attempts => attempts;

    public List<OutboxRow> Outbox { get; } = [];

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
                    Assert.True(timeline.Add((t.CallbackId, t.Entry.Sequence)), "a timeline number used twice");
                    break;
                case Change.PushDecided { Row: var row }:
                    Assert.True(outboxKeys.Add((row.Message.CallbackId, row.Message.Event, row.Round, row.TargetOrdinal)), $"{row.Message.Event} round {row.Round} decided twice");
                    Outbox.Add(row);
                    break;
                case Change.AttemptSaved a:
                    attempts[a.Attempt.Id] = a.Attempt;
                    break;
                case Change.CallInSaved c:
                    callIns[c.CallIn.Id] = c.CallIn;
                    break;
                case Change.LiveStateChanged l:
                    live = l.Live;
                    break;
                case Change.SettingsChanged s:
                    settings = s.Settings;
                    break;
                case Change.PushesWithdrawn or Change.TargetsReplaced:
                    break;
                default:
                    throw new InvalidOperationException(change.GetType().Name);
            }
        }
    }

    /// <summary>What an owner that starts now would load.</summary>
    public QueueSnapshot Load()
    {
        var open = attempts.Values.Where(a => a.State != AttemptState.Ended).ToList();
        var held = callbacks.Values.Where(c => c.State != CallbackState.Completed || open.Exists(a => a.CallbackId == c.Id)).ToList();
        var newest = callIns.Values.Where(c => c.CallbackId is not null).GroupBy(c => c.CallbackId).Select(g => g.MaxBy(c => c.CreatedAt)!).ToList();
        return new QueueSnapshot(1, "queue", settings, 1, live, held, open, newest);
    }
}
