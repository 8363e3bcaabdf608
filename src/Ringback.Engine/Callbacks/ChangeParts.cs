namespace Ringback.Engine.Callbacks;

/// <summary>
/// Cuts what a command changed into parts that are committed one after the other. One report may bring a hundred thousand callbacks below the threshold; in one commit they would keep
/// whoever writes beside them waiting for seconds.
/// </summary>
internal static class ChangeParts
{
    /// <summary>Changes in one commit: some 20 ms of a database's work.</summary>
    public const int Most = 1_000;

    /// <summary>
    /// The parts, in the order in which they are to be written. All changes of a callback are in one part, and those of the queue itself in the first: whoever loads the queue after some
    /// of the parts concludes from these what the others said, as after any halt between two commits.
    /// </summary>
    public static IEnumerable<IReadOnlyList<Change>> Of(IReadOnlyList<Change> changes, int most = Most)
    {
        // Of a deleted queue nobody would conclude anything: nobody loads it again.
        if (changes.Count <= most || changes.Any(change => change is Change.QueueDeleted)) return [changes];
        return Cut(changes, most);
    }

    private static IEnumerable<IReadOnlyList<Change>> Cut(IReadOnlyList<Change> changes, int most)
    {
        var part = changes.Where(change => CallbackOf(change) is null).ToList();
        foreach (var callback in changes.Where(change => CallbackOf(change) is not null).GroupBy(CallbackOf))
        {
            if (part.Count >= most)
            {
                yield return part;
                part = [];
            }
            part.AddRange(callback);
        }
        yield return part;
    }

    private static Guid? CallbackOf(Change change) => change switch
    {
        Change.CallbackCreated created => created.Callback.Id,
        Change.TargetsReplaced replaced => replaced.CallbackId,
        Change.CallbackChanged changed => changed.Callback.Id,
        Change.TimelineAdded added => added.CallbackId,
        Change.PushDecided decided => decided.Row.Message.CallbackId,
        Change.PushesWithdrawn withdrawn => withdrawn.CallbackId,
        Change.AttemptSaved saved => saved.Attempt.CallbackId,
        Change.CallInSaved saved => saved.CallIn.CallbackId,
        Change.LiveStateChanged or Change.SettingsChanged or Change.QueueDeleted => null,
        _ => throw new InvalidOperationException("Change is closed."),
    };
}
