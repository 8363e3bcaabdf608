using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Cluster.Tests.Queues;

/// <summary>ARCHITECTURE.md: one owner at a time, answers after the commit, and a failed commit that costs nothing but a moment.</summary>
public sealed class OwnershipTests
{
    [Fact]
    public async Task A_second_activation_shuts_the_first_one_out_and_nothing_of_it_is_written()
    {
        await using var site = await SiloSite.StartAsync();
        Assert.Null((await site.CreateAsync("+14155550101")).Fault);

        // The split of a cluster: somebody else believes that the queue is theirs.
        using var other = await QueueOwner.ActivateAsync(site.Queue, site.Store, new DeliveryHandover(0), site.Clock, (_, _) => { });
        Assert.Null((await other!.CreateAsync(SiloSite.New("+14155550102"))).Fault);

        Assert.Equal(Problems.StorageUnavailable, (await site.CreateAsync("+14155550103")).Fault?.Problem);
        // The grain comes back as the owner, and now the other one is out.
        var third = await UntilOwnedAsync(() => site.CreateAsync("+14155550104"));
        Assert.Null(third.Fault);
        Assert.Equal(Problems.StorageUnavailable, (await other.CreateAsync(SiloSite.New("+14155550105"))).Fault?.Problem);

        var stored = await NumbersAsync(site);
        Assert.Equal(["+14155550101", "+14155550102", "+14155550104"], stored);
    }

    [Theory]
    [InlineData(CommitFault.Refused, false)]
    [InlineData(CommitFault.Unknown, false)]
    [InlineData(CommitFault.AnswerLost, true)]
    public async Task A_commit_that_fails_answers_503_and_the_same_request_again_leads_to_one_callback(CommitFault fault, bool isWritten)
    {
        await using var site = await SiloSite.StartAsync();
        await site.CreateAsync("+14155550101");
        site.Store.Next = fault;
        var failed = await site.CreateAsync();
        Assert.Equal(Problems.StorageUnavailable, failed.Fault?.Problem);
        Assert.NotNull(failed.Fault!.RetryAfter);

        var again = await UntilOwnedAsync(() => site.CreateAsync());
        Assert.Equal(isWritten, again.Value.WaitsAlready);
        Assert.Equal(["+14155550101", "+14155550123"], await NumbersAsync(site));
    }

    [Fact]
    public async Task Everything_that_depends_on_a_failed_commit_fails_with_it_reads_included()
    {
        await using var site = await SiloSite.StartAsync();
        var first = (await site.CreateAsync("+14155550101")).Value.Id;
        var owner = site.Owners.Of(site.Queue);
        site.Store.Hold();
        site.Store.Next = CommitFault.Refused;
        var cancel = owner.CancelAsync(first);
        var read = owner.RetrieveAsync(first);
        var create = owner.CreateAsync(SiloSite.New("+14155550102"));
        Assert.False(read.IsCompleted);
        site.Store.Release();

        Assert.Equal(Problems.StorageUnavailable, (await cancel).Fault?.Problem);
        Assert.Equal(Problems.StorageUnavailable, (await read).Fault?.Problem);
        Assert.Equal(Problems.StorageUnavailable, (await create).Fault?.Problem);
        var after = await UntilOwnedAsync(() => site.Owners.Of(site.Queue).RetrieveAsync(first));
        Assert.Equal(CallbackState.Queued, after.Value.Callback.State);
    }

    [Fact]
    public async Task What_gathers_during_a_commit_shares_the_next_one()
    {
        await using var site = await SiloSite.StartAsync();
        await site.CreateAsync("+14155550101");
        var before = site.Store.Commits;
        site.Store.Hold();
        var creates = Enumerable.Range(200, 50).Select(i => site.CreateAsync($"+14155550{i}")).ToList();
        site.Store.Release();
        await Task.WhenAll(creates);
        Assert.All(creates, create => Assert.Null(create.Result.Fault));
        Assert.InRange(site.Store.Commits - before, 1, 3);
    }

    [Fact]
    public async Task A_queue_whose_owner_was_lost_is_woken_though_nobody_speaks_to_it()
    {
        await using var site = await SiloSite.StartAsync(new QueueSettings { MaxTimeInQueueSeconds = 60 });
        var id = (await site.CreateAsync()).Value.Id;
        site.Store.Next = CommitFault.Refused;
        await site.CreateAsync("+14155550102");

        // The purge is due in a minute; the sweep of queues with work brings the owner back, and its timer does the rest.
        await Eventually.TrueAsync(async () =>
        {
            site.Clock.Advance(TimeSpan.FromSeconds(5));
            return (await site.Store.FindAsync(site.Queue.Tenant, id))!.Callback.State == CallbackState.Completed;
        });
        Assert.Equal(CompletionReason.MaxWait, (await site.Store.FindAsync(site.Queue.Tenant, id))!.Callback.Reason);
    }

    private static async Task<Answer<T>> UntilOwnedAsync<T>(Func<Task<Answer<T>>> ask)
    {
        Answer<T> answer = default;
        await Eventually.TrueAsync(async () => (answer = await ask()).Fault?.Problem != Problems.StorageUnavailable);
        return answer;
    }

    private static async Task<IEnumerable<string>> NumbersAsync(SiloSite site) =>
        (await site.Store.ActivateAsync(site.Queue))!.Callbacks.Select(callback => callback.PhoneNumber).Order();
}
