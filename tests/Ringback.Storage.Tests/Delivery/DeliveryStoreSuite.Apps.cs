using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Tests.Delivery;

/// <summary>Rows are claimed by credential: one app's flood or fault is no other app's, of the same tenant either.</summary>
public abstract partial class DeliveryStoreSuite
{
    private static readonly CredentialKey defaultApp = CredentialKey.DefaultOf(Site.Tenant), shop = new(Site.Tenant, "shop"), bank = new(Site.Tenant, "bank");

    [Fact]
    public async Task A_claim_takes_the_rows_of_its_app_and_no_others()
    {
        await Site.CommitAsync(await QueueAsync(), Push(5, "shop"), Push(6, null), Push(7, "shop"), Push(8, "default"), Push(9, "bank"));
        Assert.Equal([Sample.Id(5)], Ids(await ClaimOfAsync(shop, most: 1)));
        Assert.Equal([Sample.Id(7)], Ids(await ClaimOfAsync(shop)));
        Assert.Equal([Sample.Id(6), Sample.Id(8)], Ids(await ClaimOfAsync(defaultApp)));
        Assert.Empty(await ClaimOfAsync(new CredentialKey(Site.OtherTenant, "bank")));
        Assert.Empty(await ClaimOfAsync(new CredentialKey(Site.Tenant, "ban")));
        Assert.Equal(["bank"], (await ClaimOfAsync(bank)).Select(p => p.Row.Message.App));
    }

    [Fact]
    public async Task The_credentials_with_due_rows_are_named_once_each_however_many_rows_they_have()
    {
        Assert.Empty(await Site.Delivery.DueCredentialsAsync(Site.Now));
        var queue = await QueueAsync();
        await Site.CommitAsync(queue, [.. Enumerable.Range(10, 30).Select(i => Push(i, i % 2 == 0 ? "shop" : null)), Push(50, "later", Site.Now.AddSeconds(1)), Push(51, "bank")]);
        await Site.CommitAsync(await QueueAsync(Site.OtherTenant), new Change.PushDecided(Sample.Push(Site.OtherTenant, callback, Sample.Id(60), app: "shop")));
        Assert.Equal([bank, defaultApp, shop, new(Site.OtherTenant, "shop")], await DueAsync());

        await ClaimOfAsync(shop);
        await RecordAsync(A, Finished(Assert.Single(await ClaimOfAsync(bank)), OutboxState.Accepted));
        Assert.Equal([defaultApp, new(Site.OtherTenant, "shop")], await DueAsync());
        Site.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([defaultApp, new(Site.Tenant, "later"), new(Site.OtherTenant, "shop")], await DueAsync());
        Site.Clock.Advance(TimeSpan.FromSeconds(30)); // The leases are over.
        Assert.Equal([defaultApp, new(Site.Tenant, "later"), shop, new(Site.OtherTenant, "shop")], await DueAsync());
    }

    [Fact]
    public async Task Only_the_rows_of_the_app_that_is_asked_for_are_ended_as_expired()
    {
        await Site.CommitAsync(await QueueAsync(), Push(5, "shop"), Push(6, null), Push(7, "shop"));
        Site.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal([KeyValuePair.Create(PushEvents.Upcoming, 2)], await Site.Delivery.ExpireAsync(shop, Site.Now));
        Assert.Equal([defaultApp], await DueAsync());
        Assert.Empty(await Site.Delivery.ExpireAsync(shop, Site.Now));
    }

    [Fact]
    public async Task A_push_that_is_sent_again_is_claimed_by_its_app()
    {
        await Site.CommitAsync(await QueueAsync(), Push(5, "shop"), Push(6, null));
        foreach (var push in await ClaimAsync(A)) await RecordAsync(A, Finished(push, OutboxState.Accepted));
        await Site.PushLog.SendAgainAsync(Site.Tenant, Sample.Id(5), (push, others) => SendAgain.Judge(Site.Tenant, push, others, Sample.Id(7), Site.Now), "Ada");
        Assert.Equal([shop], await DueAsync());
        Assert.Equal([Sample.Id(7)], Ids(await ClaimOfAsync(shop)));
    }

    [Fact]
    public async Task A_full_app_leaves_the_room_in_memory_to_the_others_and_gets_its_own_back_when_a_commit_fails()
    {
        var handover = new DeliveryHandover(8);
        while (handover.Reserve(defaultApp, 100) > 0) ;
        using var full = await OwnAsync("full", app: null, handover);
        using var free = await OwnAsync("free", "shop", handover);
        foreach (var owner in (QueueOwner[])[full, free]) await owner.ReportOutcomeAsync(await DialAsync(owner), AttemptOutcome.InvalidNumber);
        // What has a lease of this process is not due; the other waits for whoever claims it.
        Assert.Equal([defaultApp], await DueAsync());

        var attempt = await DialAsync(free);
        await Site.Callbacks.ActivateAsync(free.Key);
        Assert.NotNull((await free.ReportOutcomeAsync(attempt, AttemptOutcome.InvalidNumber)).Fault);
        Assert.Equal(1, handover.Reserve(shop, 100)); // Half of what the four of the one and the handed over row of the other leave free.
        return;

        async Task<QueueOwner> OwnAsync(string name, string? app, DeliveryHandover way)
        {
            var queue = (await Site.Queues.AddAsync(Site.Tenant, name, new QueueSettings { FirebaseApp = app }, "test", Site.Now))!;
            return (await QueueOwner.ActivateAsync(queue.Key, Site.Callbacks, way, Site.Clock, (_, _) => { }))!;
        }
    }

    private static Change.PushDecided Push(int id, string? app, DateTimeOffset? occurredAt = null) =>
        new(Sample.Push(Site.Tenant, callback, Sample.Id(id), round: id, occurredAt: occurredAt, app: app));

    private Task<IReadOnlyList<ClaimedPush>> ClaimOfAsync(CredentialKey key, int most = 100) => Site.Delivery.ClaimDueAsync(A, key, Site.Now, Lease, most);

    private async Task<IEnumerable<CredentialKey>> DueAsync() => (await Site.Delivery.DueCredentialsAsync(Site.Now)).OrderBy(key => key.Tenant.Value).ThenBy(key => key.App, StringComparer.Ordinal);

    private static async Task<Guid> DialAsync(QueueOwner owner)
    {
        await owner.CreateAsync(new NewCallback { PhoneNumber = "+14155550123", Targets = [Sample.Target], Details = new CallbackDetails() });
        return (await owner.NextAsync("Ada", TimeSpan.Zero, CancellationToken.None)).Value!.Attempt.Id;
    }
}
