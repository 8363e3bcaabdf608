namespace Ringback.Engine.Callbacks;

/// <summary>
/// Which callbacks wait for which number (rule D9). Nearly always one for each; several while the queue allows that, or has allowed it when they came.
/// </summary>
internal sealed class WaitingNumbers
{
    private readonly Dictionary<string, Guid> first = [];
    private readonly Dictionary<string, List<Guid>> others = [];

    /// <summary>The callback that has waited for the number since before all others, if any waits.</summary>
    public Guid? Find(string number) => first.TryGetValue(number, out var callback) ? callback : null;

    /// <summary>All that wait for the number, in the order in which they came to be known here.</summary>
    public IReadOnlyList<Guid> All(string number) =>
        !first.TryGetValue(number, out var only) ? [] : others.TryGetValue(number, out var more) ? [only, .. more] : [only];

    /// <summary>Notes that a callback waits; again makes no difference.</summary>
    public void Add(string number, Guid callback)
    {
        if (first.TryAdd(number, callback) || first[number] == callback) return;
        if (!others.TryGetValue(number, out var list)) others.Add(number, list = []);
        if (!list.Contains(callback)) list.Add(callback);
    }

    /// <summary>Notes that a callback waits no more.</summary>
    public void Remove(string number, Guid callback)
    {
        if (others.TryGetValue(number, out var list))
        {
            if (first[number] == callback) first[number] = callback = list[0];
            list.Remove(callback);
            if (list.Count == 0) others.Remove(number);
        }
        else if (first.TryGetValue(number, out var only) && only == callback) first.Remove(number);
    }
}
