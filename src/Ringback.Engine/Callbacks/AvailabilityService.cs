using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>What apps ask before they offer a callback: times, opening hours, status. An unknown queue is the engagement API's 400.</summary>
public sealed class AvailabilityService(IQueueStore queues, IQueueOwners owners)
{
    /// <summary>Slots that one answer holds at the most.</summary>
    public const int MostSlots = 2_000;

    /// <summary>Days that one question covers at the most.</summary>
    public const int MostDays = 62;

    /// <summary>The slots that can be booked.</summary>
    public Task<Answer<SlotList>> SlotsAsync(TenantId tenant, string queueName, SlotQuery query) => AskAsync(tenant, queueName, owner => owner.AvailabilityAsync(query));

    /// <summary>Seconds until closing; 0 = closed, <see cref="int.MaxValue"/> = it does not close.</summary>
    public Task<Answer<int>> OpenForAsync(TenantId tenant, string queueName, DateTimeOffset? at) => AskAsync(tenant, queueName, owner => owner.OpenForAsync(at));

    /// <summary>What the queue can offer now.</summary>
    public Task<Answer<QueueOffer>> OfferAsync(TenantId tenant, string queueName) => AskAsync(tenant, queueName, owner => owner.OfferAsync());

    private async Task<Answer<T>> AskAsync<T>(TenantId tenant, string queueName, Func<IQueueOwner, Task<Answer<T>>> question) =>
        await queues.FindAsync(tenant, queueName) is { } queue
            ? await question(owners.Of(queue.Key))
            : Problems.QueueUnknown.With("The name in the address is no queue of this tenant.");
}
