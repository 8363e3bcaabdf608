using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;

namespace Ringback.Storage.Tests.Access;

public abstract class AccessStoreSuite : StoreSuite
{
    [Fact]
    public async Task Tenants_get_numbers_in_turn_and_a_name_only_once()
    {
        Assert.Null(await Site.Access.AddTenantAsync("first", Site.Now));
        Assert.Equal(new TenantId(3), await Site.Access.AddTenantAsync("third", Site.Now));
        Assert.Equal(Site.OtherTenant, await Site.Access.FindTenantAsync("second"));
        Assert.Null(await Site.Access.FindTenantAsync("fourth"));
        Assert.Equal([new TenantId(1), new TenantId(2), new TenantId(3)], await Site.Access.ListTenantsAsync());
    }

    [Fact]
    public async Task A_key_is_found_by_its_hash_in_its_tenant_only()
    {
        var hash = ApiKey.Hash(ApiKey.New(Site.Tenant));
        var key = new ApiKeyRecord(Site.Tenant, Sample.Id(1), "app", ApiRights.Engagement | ApiRights.Publish, hash, Site.Now, Site.Now.AddDays(1));
        await Site.Access.AddKeyAsync(key);
        Assert.Equal(key, await Site.Access.FindKeyAsync(Site.Tenant, hash));
        Assert.Null(await Site.Access.FindKeyAsync(Site.OtherTenant, hash));
        Assert.Null(await Site.Access.FindKeyAsync(Site.Tenant, ApiKey.Hash("another")));
    }

    [Fact]
    public async Task Two_tenants_may_hold_equal_keys_but_one_may_not_hold_a_key_twice()
    {
        var key = new ApiKeyRecord(Site.Tenant, Sample.Id(1), "app", ApiRights.Agent, ApiKey.Hash("k"), Site.Now, null);
        await Site.Access.AddKeyAsync(key);
        await Site.Access.AddKeyAsync(key with { Tenant = Site.OtherTenant });
        await Assert.ThrowsAsync<StorageException>(() => Site.Access.AddKeyAsync(key with { Id = Sample.Id(2) }));
    }
}
