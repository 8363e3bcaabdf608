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
    public async Task A_code_is_one_requests_until_that_is_used_or_over()
    {
        Assert.True(await ClaimAsync(1));
        Assert.False(await ClaimAsync(2));
        Assert.True(await Site.CallIn.ClaimCodeAsync(Site.OtherTenant, Claim(2), Site.Now));
        Assert.True(await Site.CallIn.ClaimCodeAsync(Site.Tenant, Claim(2) with { Group = "another" }, Site.Now));
        await AddAsync(Sample.CallIn(Sample.Id(1), null));
        Assert.False(await ClaimAsync(2));

        Assert.True(await Site.CallIn.MarkMatchedAsync(Site.Tenant, Sample.Id(1), Site.Now));
        Assert.True(await ClaimAsync(3));
        await AddAsync(Sample.CallIn(Sample.Id(3), null));
        Site.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMicroseconds(1));
        Assert.False(await ClaimAsync(4));
        Site.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.True(await ClaimAsync(4));
    }

    [Fact]
    public async Task A_code_that_nobody_was_told_is_free_once_it_is_given_back_or_its_time_is_over()
    {
        Assert.True(await ClaimAsync(1));
        // Only by whose it is.
        await Site.CallIn.ReleaseCodeAsync(Site.Tenant, Claim(2));
        await Site.CallIn.ReleaseCodeAsync(Site.OtherTenant, Claim(1));
        Assert.False(await ClaimAsync(2));
        await Site.CallIn.ReleaseCodeAsync(Site.Tenant, Claim(1));
        Assert.True(await ClaimAsync(2));
        Site.Clock.Advance(TimeSpan.FromMinutes(7));
        Assert.True(await ClaimAsync(3));
    }

    [Fact]
    public async Task The_code_of_a_callback_that_was_merged_is_free_again()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        Assert.True(await ClaimAsync(1));
        await AddAsync(Sample.CallIn(Sample.Id(1), null));
        var used = Sample.CallIn(Sample.Id(1), Sample.Id(9)) with { MatchedAt = Site.Now };
        // What the callback had been given later is not what its conversation began with.
        await Site.CommitAsync(queue, Sample.Created(Sample.Id(9)), new Change.CallInSaved(used), new Change.CallInSaved(Sample.CallIn(Sample.Id(2), Sample.Id(9), "5678", minute: 3)));
        Assert.Equal(used, Assert.Single((await Site.Callbacks.ActivateAsync(queue))!.CallIns));
        Assert.True(await ClaimAsync(2));
    }

    [Fact]
    public async Task Open_requests_are_found_by_anything_that_is_known_newest_first()
    {
        var byCode = Sample.CallIn(Sample.Id(1), null, "1111") with { FromPhoneNumber = null, ToPhoneNumber = "+9" };
        var byFrom = Sample.CallIn(Sample.Id(2), null, null, minute: 1) with { FromPhoneNumber = "+7", ToPhoneNumber = "+9" };
        var byTo = Sample.CallIn(Sample.Id(3), null, "3333", minute: 2) with { FromPhoneNumber = null, ToPhoneNumber = "+8" };
        foreach (var request in new[] { byCode, byFrom, byTo }) await AddAsync(request);

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

    private Task AddAsync(CallInRecord request) => Site.CallIn.AddRequestAsync(Site.Tenant, request);

    private CodeClaim Claim(int request) => new("group", "1234", Sample.Id(request), Site.Now.AddMinutes(7));

    private Task<bool> ClaimAsync(int request) => Site.CallIn.ClaimCodeAsync(Site.Tenant, Claim(request), Site.Now);

    private Task<IReadOnlyList<CallInRecord>> FindAsync(string? code, string? from, string? to) => Site.CallIn.FindOpenAsync(Site.Tenant, code, from, to, Site.Now);
}
