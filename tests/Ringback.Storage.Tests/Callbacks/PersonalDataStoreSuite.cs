using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Callbacks;

public abstract class PersonalDataStoreSuite : StoreSuite
{
    private const string Number = "+15550000001";
    private static readonly Guid over = Sample.Id(1), waiting = Sample.Id(2), open = Sample.Id(3);
    private static readonly CallbackDetails details = new() { UserDataJson = """{"name":"Ada"}""", RoutePoint = "vip", ReportingJson = """{"channel":"app"}""" };

    [Fact]
    public async Task What_is_over_for_long_enough_is_found_once_the_oldest_first()
    {
        var queue = await QueueAsync(Site.Tenant);
        await AddAsync(queue, over, Site.Now);
        await AddAsync(queue, Sample.Id(9), Site.Now.AddDays(-1));
        await AddAsync(queue, waiting, null);
        Assert.Empty((await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now.AddDays(-2), 10)).Callbacks);
        Assert.Equal([Sample.Id(9)], (await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now, 1)).Callbacks);
        var found = await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now, 10);
        Assert.Equal([Sample.Id(9), over], found.Callbacks);
        await Site.PersonalData.EraseAsync(Site.Tenant, found, Site.Now, by: null);
        Assert.Empty((await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now, 10)).Callbacks);
        Assert.Empty(await Site.Audit.ListAsync(Site.Tenant, null, 10));
    }

    [Fact]
    public async Task Erasing_takes_number_user_data_and_addresses_and_leaves_the_rest()
    {
        var queue = await QueueAsync(Site.Tenant);
        await AddAsync(queue, over, Site.Now);
        await Site.CommitAsync(queue, new Change.CallInSaved(Sample.CallIn(Sample.Id(20), over)));
        var before = (await Site.Callbacks.FindAsync(Site.Tenant, over))!.Callback;
        await Site.PersonalData.EraseAsync(Site.Tenant, new PersonalDataFound([over], [], 0), Site.Now, "Ada");

        Assert.Equal(before with { PhoneNumber = "" }, (await Site.Callbacks.FindAsync(Site.Tenant, over))!.Callback);
        Assert.Equal(details with { UserDataJson = null }, await Site.Callbacks.FindDetailsAsync(Site.Tenant, over));
        Assert.Equal(["", ""], await Site.Callbacks.FindAddressesAsync(Site.Tenant, over));
        Assert.Equal(0, await CountAsync("call_in_requests where from_phone_number is not null or user_data is not null"));
        var entry = Assert.Single(await Site.Audit.ListAsync(Site.Tenant, null, 10));
        Assert.Equal(("personal_data.erased", "Ada", """{"by":"phoneNumber","callbacks":1,"callIns":0}"""), (entry.Action, entry.By, entry.Detail));
    }

    [Fact]
    public async Task A_callback_that_is_not_over_or_may_be_reported_on_is_never_erased()
    {
        var queue = await QueueAsync(Site.Tenant);
        await AddAsync(queue, waiting, null);
        await AddAsync(queue, open, Site.Now);
        await Site.CommitAsync(queue, new Change.AttemptSaved(Sample.Attempt(Sample.Id(30), open, AttemptState.Unknown)));
        Assert.Empty((await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now, 10)).Callbacks);
        var byNumber = await Site.PersonalData.FindByNumberAsync(Site.Tenant, Number, Site.Now);
        Assert.Equal((0, 2), (byNumber.Callbacks.Count, byNumber.InUse));
        var byAddress = await Site.PersonalData.FindByAddressAsync(Site.Tenant, "token-0");
        Assert.Equal((0, 2), (byAddress.Callbacks.Count, byAddress.InUse));
        await Site.PersonalData.EraseAsync(Site.Tenant, new PersonalDataFound([waiting], [], 0), Site.Now, by: null);
        Assert.Equal(Number, (await Site.Callbacks.FindAsync(Site.Tenant, waiting))!.Callback.PhoneNumber);
    }

    [Fact]
    public async Task A_number_is_found_wherever_it_stands_and_only_in_its_tenant()
    {
        var queue = await QueueAsync(Site.Tenant);
        await AddAsync(queue, over, Site.Now);
        await AddAsync(await QueueAsync(Site.OtherTenant), over, Site.Now);
        await Site.CallIn.AddRequestAsync(Site.Tenant, Sample.CallIn(Sample.Id(21), null));
        await Site.CallIn.AddRequestAsync(Site.Tenant, Sample.CallIn(Sample.Id(22), null, "5678", minute: 60));
        var found = await Site.PersonalData.FindByNumberAsync(Site.Tenant, "+15550000200", Site.Now.AddMinutes(30));
        Assert.Equal((0, Sample.Id(21), 1), (found.Callbacks.Count, Assert.Single(found.CallIns), found.InUse));
        Assert.Equal([over], (await Site.PersonalData.FindByNumberAsync(Site.Tenant, Number, Site.Now)).Callbacks);

        await Site.PersonalData.EraseAsync(Site.Tenant, new PersonalDataFound([over], [Sample.Id(21)], 0), Site.Now, "Ada");
        Assert.Empty((await Site.PersonalData.FindByNumberAsync(Site.Tenant, Number, Site.Now)).Callbacks);
        Assert.Equal(Number, (await Site.Callbacks.FindAsync(Site.OtherTenant, over))!.Callback.PhoneNumber);
        Assert.Equal(["token-0", "token-1"], await Site.Callbacks.FindAddressesAsync(Site.OtherTenant, over));
        Assert.Equal(1, await CountAsync("call_in_requests where from_phone_number is not null"));
    }

    [Fact]
    public async Task Old_call_in_requests_without_a_callback_are_found_by_the_end_of_their_time()
    {
        await Site.CallIn.AddRequestAsync(Site.Tenant, Sample.CallIn(Sample.Id(21), null));
        Assert.Empty((await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now.AddMinutes(4), 10)).CallIns);
        var found = await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now.AddMinutes(5), 10);
        Assert.Equal([Sample.Id(21)], found.CallIns);
        await Site.PersonalData.EraseAsync(Site.Tenant, found, Site.Now, by: null);
        Assert.Empty((await Site.PersonalData.FindAgedAsync(Site.Tenant, Site.Now.AddMinutes(5), 10)).CallIns);
    }

    [Fact]
    public async Task One_address_is_erased_and_its_neighbour_stays_and_hears_of_what_was_not_sent_yet()
    {
        var queue = await QueueAsync(Site.Tenant);
        await AddAsync(queue, over, Site.Now);
        await Site.CommitAsync(queue, new Change.PushDecided(Sample.Push(Site.Tenant, over, Sample.Id(5))), new Change.PushDecided(Sample.Push(Site.Tenant, over, Sample.Id(6), target: 1)));
        Assert.Equal([over], (await Site.PersonalData.FindByAddressAsync(Site.Tenant, "token-0")).Callbacks);
        await Site.PersonalData.EraseAddressAsync(Site.Tenant, [over], "token-0", Site.Now, "Ada");
        Assert.Equal(["", "token-1"], await Site.Callbacks.FindAddressesAsync(Site.Tenant, over));
        Assert.Equal(Number, (await Site.Callbacks.FindAsync(Site.Tenant, over))!.Callback.PhoneNumber);
        Assert.Equal("token-1", Assert.Single(await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10)).Target.Address);
        Assert.Equal("push.cancelled", Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, over)).Kind);
        Assert.Empty((await Site.PersonalData.FindByAddressAsync(Site.Tenant, "token-0")).Callbacks);
    }

    [Fact]
    public async Task A_push_that_is_being_sent_ends_by_itself_when_it_comes_back()
    {
        var queue = await QueueAsync(Site.Tenant);
        await AddAsync(queue, over, Site.Now);
        await Site.CommitAsync(queue, new Change.PushDecided(Sample.Push(Site.Tenant, over, Sample.Id(5))));
        var push = Assert.Single(await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10));
        await Site.PersonalData.EraseAsync(Site.Tenant, new PersonalDataFound([over], [], 0), Site.Now, by: null);
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Again(push, Site.Now, "UNAVAILABLE", 1)]);
        var again = Assert.Single(await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10));
        Assert.Equal((TargetState.Dead, ""), (again.TargetState, again.Target.Address));
    }

    private async Task<QueueKey> QueueAsync(TenantId tenant) => await Site.AddQueueAsync(tenant);

    private async Task AddAsync(QueueKey queue, Guid id, DateTimeOffset? completedAt)
    {
        var callback = Sample.Callback(id, completedAt is null ? CallbackState.Queued : CallbackState.Completed) with { CompletedAt = completedAt };
        await Site.CommitAsync(queue, new Change.CallbackCreated(callback, details, [Sample.Target, new PushTarget(PushTargetType.Fid, "token-1")]), new Change.CallbackChanged(callback));
    }

    private Task<int> CountAsync(string from) => Site.Database.ReadAsync(async s => (await s.QueryAsync($"select count(*) from {from}", r => (int)r.Long()))[0]);
}
