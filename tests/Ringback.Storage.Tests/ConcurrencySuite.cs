using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Tests;

/// <summary>What several ask for at once is given to one of them, or to each its own.</summary>
public abstract class ConcurrencySuite : StoreSuite
{
    private const int Callers = 12;

    [Fact]
    public async Task Tenants_that_are_added_at_once_get_numbers_of_their_own()
    {
        var added = await AtOnceAsync(i => Site.Access.AddTenantAsync($"tenant-{i}", Site.Now));
        Assert.Equal(Enumerable.Range(3, Callers).Select(n => (TenantId?)new TenantId(n)), added.OrderBy(t => t!.Value.Value));
    }

    [Fact]
    public async Task Queues_that_are_added_at_once_get_numbers_of_their_own_and_a_name_only_once()
    {
        var added = await AtOnceAsync(i => Site.Queues.AddAsync(Site.Tenant, $"queue-{i / 2}", new QueueSettings(), "test", Site.Now));
        Assert.Equal(Enumerable.Range(1, Callers / 2), added.OfType<StoredQueue>().Select(q => q.Key.QueueId).Order());
        Assert.Equal(Callers / 2, added.OfType<StoredQueue>().Select(q => q.Name).Distinct().Count());
    }

    [Fact]
    public async Task A_code_that_is_asked_for_at_once_is_given_once()
    {
        Task<bool[]> ClaimAsync(int first) => AtOnceAsync(i => Site.CallIn.ClaimCodeAsync(Site.Tenant, new CodeClaim("group", "1234", Sample.Id(first + i), Site.Now.AddMinutes(1)), Site.Now));
        Assert.Single(await ClaimAsync(1), g => g);
        Site.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await ClaimAsync(1_000), g => g);
    }

    [Fact]
    public async Task A_request_that_is_matched_at_once_is_matched_once()
    {
        await Site.CallIn.AddRequestAsync(Site.Tenant, Sample.CallIn(Sample.Id(1), null));
        Assert.Single(await AtOnceAsync(_ => Site.CallIn.MarkMatchedAsync(Site.Tenant, Sample.Id(1), Site.Now)), m => m);
    }

    [Fact]
    public async Task Owners_that_activate_at_once_leave_one_that_may_write()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var epochs = (await AtOnceAsync(_ => Site.Callbacks.ActivateAsync(queue))).Select(s => s!.Epoch).Order().ToList();
        Assert.Equal(Enumerable.Range(1, Callers).Select(e => (long)e), epochs);
        var wrote = await AtOnceAsync(async i =>
        {
            try
            {
                await Site.Callbacks.CommitAsync(queue, i + 1, [Sample.Created(Sample.Id(i))]);
                return true;
            }
            catch (OwnershipLostException)
            {
                return false;
            }
        });
        Assert.Equal([Callers - 1], Enumerable.Range(0, Callers).Where(i => wrote[i]));
    }

    [Fact]
    public async Task Two_claimers_never_get_the_same_push()
    {
        const int pushes = 300;
        var queue = await Site.AddQueueAsync(Site.Tenant);
        await Site.CommitAsync(queue, [Sample.Created(Sample.Id(1)), .. Enumerable.Range(0, pushes).Select(i =>
            new Change.PushDecided(Sample.Push(Site.Tenant, Sample.Id(1), Sample.Id(1_000 + i), round: i)))]);
        var claimed = (await AtOnceAsync(async i =>
        {
            var mine = new List<Guid>();
            while (await Site.Delivery.ClaimDueAsync($"node-{i}", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 7) is { Count: > 0 } due)
                mine.AddRange(due.Select(p => p.Row.Message.NotificationId));
            return mine;
        })).SelectMany(m => m).ToList();
        // A claimer that found every due row being taken by others has gone home early; what was taken was taken once.
        Assert.Equal(claimed.Count, claimed.Distinct().Count());
        claimed.AddRange((await Site.Delivery.ClaimDueAsync("node-last", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), pushes)).Select(p => p.Row.Message.NotificationId));
        Assert.Equal(Enumerable.Range(0, pushes).Select(i => Sample.Id(1_000 + i)).Order(), claimed.Order());
    }

    private static async Task<T[]> AtOnceAsync<T>(Func<int, Task<T>> work) =>
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(i => Task.Run(() => work(i))));
}
