using System.Collections.Concurrent;

namespace Ringback.Engine;

/// <summary>
/// One string for many equal ones, such as the language of a million callbacks. Bounded, since clients choose the texts: a text beyond the bound is kept once more for each who has it, and is
/// free again with them. The runtime's own pool is neither bounded nor quick: it has one lock for all.
/// </summary>
internal static class SharedText
{
    /// <summary>More languages than any site speaks.</summary>
    private const int Most = 1_000;

    private static readonly ConcurrentDictionary<string, string> known = new(StringComparer.Ordinal);
    private static int count;

    /// <summary>The string that stands for all that equal <paramref name="text"/>.</summary>
    public static string Of(string text)
    {
        if (known.TryGetValue(text, out var shared)) return shared;
        if (Volatile.Read(ref count) >= Most) return text;
        if (!known.TryAdd(text, text)) return known[text];
        Interlocked.Increment(ref count);
        return text;
    }
}
