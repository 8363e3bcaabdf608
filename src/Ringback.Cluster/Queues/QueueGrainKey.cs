using System.Globalization;
using Ringback.Engine;

namespace Ringback.Cluster.Queues;

/// <summary>The key of a queue's grain: <c>tenant/queue</c>, both as numbers.</summary>
internal static class QueueGrainKey
{
    public static string Of(QueueKey queue) => queue.ToString();

    public static QueueKey Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return new QueueKey(
            new TenantId(int.Parse(key.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture)),
            int.Parse(key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }
}
