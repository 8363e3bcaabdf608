using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>Which credentials a send goes out with, and what happens without any.</summary>
public sealed class FcmSenderCredentialTests
{
    [Fact]
    public async Task Without_credentials_and_with_sealed_ones_nothing_is_sent_and_the_reason_is_named()
    {
        using var none = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        using var locked = new Site([TokenReply.Token("t1")], [SendReply.Accepted], TestKeys.MasterKey(2));
        locked.Store.Row = TestKeys.Stored(new CredentialSeal(TestKeys.MasterKey(1)));

        Assert.Equal(CredentialFaults.Missing, Assert.IsType<SendOutcome.CredentialFault>(await none.SendAsync()).Code);
        Assert.Equal(CredentialFaults.Sealed, Assert.IsType<SendOutcome.CredentialFault>(await locked.SendAsync()).Code);
        Assert.Empty(none.Tokens.Requests);
        Assert.Contains("No Firebase credentials", await none.Service.StatusAsync(Site.Tenant, Site.Cancellation), StringComparison.Ordinal);
        Assert.Contains("master key", await locked.Service.StatusAsync(Site.Tenant, Site.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_made_by_another_node_is_in_force_after_30_seconds_and_announced()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        List<TenantId> announced = [];
        site.Service.Changed += announced.Add;
        Assert.IsType<SendOutcome.CredentialFault>(await site.SendAsync());
        site.Provisioned();
        Assert.IsType<SendOutcome.CredentialFault>(await site.SendAsync());

        site.Clock.Advance(Ringback.Engine.Firebase.Credentials.MaxAge);

        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        Assert.Equal([Site.Tenant], announced);
    }

    [Fact]
    public async Task While_the_database_is_away_the_known_credentials_go_on()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        await site.SendAsync();
        site.Store.IsDown = true;
        site.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        site.Credentials.Invalidate(Site.App);
        Assert.Equal(new SendOutcome.Unavailable("CREDENTIAL_STORE", null), await site.SendAsync());
        site.Store.IsDown = false;
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
    }

    [Fact]
    public async Task A_reread_of_the_same_version_keeps_its_token()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        await site.SendAsync();
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.SendAsync();

        Assert.Equal(2, site.Store.Reads);
        Assert.Single(site.Tokens.Requests);
    }
}
