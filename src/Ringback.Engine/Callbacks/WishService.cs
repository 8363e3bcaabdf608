using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Callbacks;

/// <summary>Changes that customers and supervisors make to a callback that is not over, and why it has not been called yet.</summary>
public sealed class WishService(ICallbackStore callbacks, IQueueOwners owners, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>The customer is there.</summary>
    public Task<Answer<Guid>> ConfirmAsync(TenantId tenant, Guid callbackId) => AskAsync(tenant, callbackId, owner => owner.ConfirmAsync(callbackId));

    /// <summary>Passes the callback over for a while; it keeps its place. Gives the instant of its return.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="callbackId">The callback; QUEUED.</param>
    /// <param name="pause">1 to 60 minutes.</param>
    public Task<Answer<DateTimeOffset>> SnoozeAsync(TenantId tenant, Guid callbackId, TimeSpan pause) => AskAsync(tenant, callbackId, owner => owner.SnoozeAsync(callbackId, pause));

    /// <summary>Moves the callback to another time and gives the time that it got: a full slot moves it to the next free one.</summary>
    public async Task<Answer<DateTimeOffset>> RescheduleAsync(TenantId tenant, Guid callbackId, DateTimeOffset desired)
    {
        var now = clock.Now();
        if (desired <= now) return Problems.InvalidParameters.With("desiredTime must be in the future.");
        if (desired > now + CallbackService.FurthestDesiredTime) return Problems.InvalidParameters.With("desiredTime is more than a year ahead.");
        return await AskAsync(tenant, callbackId, owner => owner.RescheduleAsync(callbackId, desired));
    }

    /// <summary>Replaces the push targets. Addresses that stay keep their slot, so that an unsent push for them still reaches them and none reaches them twice.</summary>
    public async Task<Answer<Guid>> ReplaceTargetsAsync(TenantId tenant, Guid callbackId, IReadOnlyList<PushTarget> targets)
    {
        var slots = Arrange(await callbacks.FindAddressesAsync(tenant, callbackId), targets);
        return await AskAsync(tenant, callbackId, owner => owner.ReplaceTargetsAsync(callbackId, slots));
    }

    /// <summary>Ends a callback silently, on behalf of a supervisor.</summary>
    public Task<Answer<Guid>> CancelAsync(TenantId tenant, Guid callbackId, string by) => AskAsync(tenant, callbackId, owner => owner.EndBySupervisorAsync(callbackId, false, by));

    /// <summary>Purges a callback that is SCHEDULED or QUEUED: CALLBACK_PURGED with the reason ADMINISTRATOR follows.</summary>
    public Task<Answer<Guid>> PurgeAsync(TenantId tenant, Guid callbackId, string by) => AskAsync(tenant, callbackId, owner => owner.EndBySupervisorAsync(callbackId, true, by));

    /// <summary>Why a callback has not been called yet.</summary>
    public async Task<Answer<WhyNotYet>> WhyAsync(TenantId tenant, Guid callbackId)
    {
        if (await callbacks.FindAsync(tenant, callbackId) is not { } stored) return Unknown;
        if (stored.Callback.State != CallbackState.Completed)
        {
            var answer = await owners.Of(stored.Queue).WhyAsync(callbackId);
            if (answer.Fault?.Problem != Problems.CallbackNotFound) return answer;
            // It was over between the two looks.
            stored = await callbacks.FindAsync(tenant, callbackId);
        }
        return new WhyNotYet(CallbackState.Completed, null, [new WaitReason("OVER", $"It is over: {stored?.Callback.Reason}.")]);
    }

    private static PushTarget?[] Arrange(IReadOnlyList<string> known, IReadOnlyList<PushTarget> targets)
    {
        var slots = new PushTarget?[Math.Max(known.Count, targets.Count)];
        var newcomers = new Queue<PushTarget>();
        foreach (var target in targets)
        {
            var slot = 0;
            while (slot < known.Count && (slots[slot] is not null || known[slot] != target.Address)) slot++;
            if (slot < known.Count) slots[slot] = target;
            else newcomers.Enqueue(target);
        }
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i] is null && newcomers.TryDequeue(out var next)) slots[i] = next;
        }
        return slots;
    }

    private async Task<Answer<T>> AskAsync<T>(TenantId tenant, Guid callbackId, Func<IQueueOwner, Task<Answer<T>>> wish)
    {
        if (await callbacks.FindAsync(tenant, callbackId) is not { } stored) return Unknown;
        if (stored.Callback.State == CallbackState.Completed) return Over;
        var answer = await wish(owners.Of(stored.Queue));
        return answer.Fault?.Problem == Problems.CallbackNotFound ? Over : answer;
    }

    private static Fault Unknown => Problems.CallbackNotFound.With("No callback has that id.");

    private static Fault Over => Problems.CallbackStateConflict.With("The callback is COMPLETED and cannot be changed any more.");
}
