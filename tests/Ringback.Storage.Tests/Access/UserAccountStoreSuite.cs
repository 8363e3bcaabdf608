using Ringback.Engine.Access;

namespace Ringback.Storage.Tests.Access;

public abstract class UserAccountStoreSuite : StoreSuite
{
    [Fact]
    public async Task A_name_is_given_once_per_tenant()
    {
        var anna = Account(1, "Anna");
        Assert.True(await Site.Users.AddAsync(anna));
        Assert.False(await Site.Users.AddAsync(anna with { Id = Sample.Id(2) }));
        Assert.True(await Site.Users.AddAsync(anna with { Tenant = Site.OtherTenant }));
        Assert.Equal(anna, await Site.Users.FindByNameAsync(Site.Tenant, "ANNA"));
        Assert.Equal(anna, await Site.Users.FindAsync(Site.Tenant, anna.Id));
        Assert.Null(await Site.Users.FindByNameAsync(Site.Tenant, "BERT"));
    }

    [Fact]
    public async Task Users_are_listed_by_name_and_only_those_of_the_tenant()
    {
        await Site.Users.AddAsync(Account(1, "Carl"));
        await Site.Users.AddAsync(Account(2, "Anna") with { LockedUntil = Site.Now.AddMinutes(3) });
        await Site.Users.AddAsync(Account(3, "Bert") with { Tenant = Site.OtherTenant });
        Assert.Equal(["Anna", "Carl"], (await Site.Users.ListAsync(Site.Tenant)).Select(u => u.Name));
        Assert.Equal(Site.Now.AddMinutes(3), (await Site.Users.ListAsync(Site.Tenant))[0].LockedUntil);
    }

    [Fact]
    public async Task Of_two_changes_of_one_version_the_second_is_refused()
    {
        var first = Account(1, "Anna");
        await Site.Users.AddAsync(first);
        var changed = first with { Role = UserRole.Monitor, PasswordHash = "h2", SecurityStamp = "s2", FailedSignIns = 3, LockedUntil = Site.Now };
        Assert.True(await Site.Users.SaveAsync(changed));
        Assert.False(await Site.Users.SaveAsync(first with { FailedSignIns = 1 }));
        Assert.Equal(changed with { Version = 2 }, await Site.Users.FindAsync(Site.Tenant, first.Id));
        Assert.False(await Site.Users.SaveAsync(changed with { Tenant = Site.OtherTenant, Version = 2 }));
    }

    [Fact]
    public async Task The_key_ring_is_read_back_oldest_first()
    {
        await Site.KeyRing.AddAsync(Sample.Id(2), "<b/>", Site.Now.AddDays(1));
        await Site.KeyRing.AddAsync(Sample.Id(1), "<a/>", Site.Now);
        await Site.ReopenAsync();
        Assert.Equal(["<a/>", "<b/>"], await Site.KeyRing.ListAsync());
    }

    private static UserAccount Account(int id, string name) => new()
    {
        Tenant = Storage.Tests.Site.Tenant,
        Id = Sample.Id(id),
        Name = name,
        NormalizedName = name.ToUpperInvariant(),
        Role = UserRole.Developer,
        PasswordHash = "hash",
        SecurityStamp = "stamp",
        CreatedAt = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero),
    };
}
