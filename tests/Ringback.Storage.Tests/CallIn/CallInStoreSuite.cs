using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;

namespace Ringback.Storage.Tests.CallIn;

public abstract class CallInStoreSuite : StoreSuite
{
    private static readonly CallInGroup group = new() { Name = "group", PhoneNumbers = ["+1", "+2"], AccessCodeDigits = 4, ExpirySeconds = 60 };

    [Fact]
    public async Task A_group_is_saved_replaced_and_listed_in_its_tenant()
    {
        await Site.CallIn.SaveGroupAsync(Site.Tenant, group);
        await Site.CallIn.SaveGroupAsync(Site.Tenant, group with { PhoneNumbers = ["+3"], AccessCodeDigits = 6, ExpirySeconds = 90 });
        await Site.CallIn.SaveGroupAsync(Site.Tenant, group with { Name = "another" });

        var found = (await Site.CallIn.FindGroupAsync(Site.Tenant, "group"))!;
        Assert.Equal((6, 90), (found.AccessCodeDigits, found.ExpirySeconds));
        Assert.Equal(["+3"], found.PhoneNumbers);
        Assert.Equal(["another", "group"], (await Site.CallIn.ListGroupsAsync(Site.Tenant)).Select(g => g.Name));
        Assert.Empty(await Site.CallIn.ListGroupsAsync(Site.OtherTenant));
    }

    [Fact]
    public async Task A_code_is_taken_while_its_request_is_open()
    {
        Assert.True(await AddAsync(Sample.CallIn(Sample.Id(1), null)));
        Assert.False(await AddAsync(Sample.CallIn(Sample.Id(2), null)));
        Assert.True(await IsTakenAsync());
        Assert.False(await Site.CallIn.IsCodeTakenAsync(Site.OtherTenant, "group", "1234", Site.Now));
        Assert.False(await Site.CallIn.IsCodeTakenAsync(Site.Tenant, "another", "1234", Site.Now));

        Assert.True(await Site.CallIn.MarkMatchedAsync(Site.Tenant, Sample.Id(1), Site.Now));
        Assert.False(await IsTakenAsync());
        Assert.True(await AddAsync(Sample.CallIn(Sample.Id(3), null)));
        Site.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(await IsTakenAsync());
    }

    [Fact]
    public async Task Requests_without_a_code_never_stand_in_each_others_way()
    {
        Assert.True(await AddAsync(Sample.CallIn(Sample.Id(1), null, code: null)));
        Assert.True(await AddAsync(Sample.CallIn(Sample.Id(2), null, code: null)));
    }

    [Fact]
    public async Task Open_requests_are_found_by_anything_that_is_known_newest_first()
    {
        var byCode = Sample.CallIn(Sample.Id(1), null, "1111") with { FromPhoneNumber = null, ToPhoneNumber = "+9" };
        var byFrom = Sample.CallIn(Sample.Id(2), null, null, minute: 1) with { FromPhoneNumber = "+7", ToPhoneNumber = "+9" };
        var byTo = Sample.CallIn(Sample.Id(3), null, "3333", minute: 2) with { FromPhoneNumber = null, ToPhoneNumber = "+8" };
        foreach (var request in new[] { byCode, byFrom, byTo }) Assert.True(await AddAsync(request));

        Assert.Equal([byTo, byFrom, byCode], await FindAsync("1111", "+7", "+8"));
        Assert.Equal([byFrom], await FindAsync(null, "+7", null));
        Assert.Empty(await FindAsync(null, null, null));
        Assert.Empty(await Site.CallIn.FindOpenAsync(Site.OtherTenant, "1111", "+7", "+8", Site.Now));

        await Site.CallIn.MarkMatchedAsync(Site.Tenant, byTo.Id, Site.Now);
        Site.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal([byFrom], await FindAsync("1111", "+7", "+8"));
    }

    [Fact]
    public async Task A_request_is_matched_once_and_never_one_that_belongs_to_a_callback()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        await Site.CommitAsync(queue, Sample.Created(Sample.Id(9)), new Change.CallInSaved(Sample.CallIn(Sample.Id(8), Sample.Id(9), "9999")));
        await AddAsync(Sample.CallIn(Sample.Id(1), null));

        Assert.False(await Site.CallIn.MarkMatchedAsync(Site.OtherTenant, Sample.Id(1), Site.Now));
        Assert.True(await Site.CallIn.MarkMatchedAsync(Site.Tenant, Sample.Id(1), Site.Now));
        Assert.False(await Site.CallIn.MarkMatchedAsync(Site.Tenant, Sample.Id(1), Site.Now));
        Assert.False(await Site.CallIn.MarkMatchedAsync(Site.Tenant, Sample.Id(8), Site.Now));
    }

    private Task<bool> AddAsync(CallInRecord request) => Site.CallIn.AddRequestAsync(Site.Tenant, request, Site.Now);

    private Task<bool> IsTakenAsync() => Site.CallIn.IsCodeTakenAsync(Site.Tenant, "group", "1234", Site.Now);

    private Task<IReadOnlyList<CallInRecord>> FindAsync(string? code, string? from, string? to) => Site.CallIn.FindOpenAsync(Site.Tenant, code, from, to, Site.Now);
}
