using Microsoft.Extensions.Logging;
using Ringback.Engine;

namespace Ringback.Cluster.Queues;

internal static partial class QueueLog
{
    [LoggerMessage(EventIds.QueueActivated, LogLevel.Information, "Queue {Queue} is owned by this node.")]
    public static partial void Activated(ILogger logger, QueueKey queue);

    [LoggerMessage(EventIds.QueueOwnerLost, LogLevel.Warning, "Queue {Queue} has lost its owner and is loaded again.")]
    public static partial void OwnerLost(ILogger logger, QueueKey queue, Exception reason);

    [LoggerMessage(EventIds.QueueActivationFailed, LogLevel.Error, "Queue {Queue} has no owner at present; tried again soon.")]
    public static partial void ActivationFailed(ILogger logger, QueueKey queue, Exception reason);

    [LoggerMessage(EventIds.QueuesUnknown, LogLevel.Error, "The queues with work cannot be read; tried again soon.")]
    public static partial void QueuesUnknown(ILogger logger, Exception reason);
}
