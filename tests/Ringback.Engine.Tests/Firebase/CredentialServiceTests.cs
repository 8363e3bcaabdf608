using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class CredentialServiceTests
{
    private static readonly TokenReply revoked = TokenReply.Error("invalid_grant", "Invalid JWT Signature.");
    private static readonly Uri endpoint = new("https://fcm.googleapis.com");
    private static readonly TokenReply down = new(503, "");
    private static readonly FirebaseCredential otherProject = TestKeys.Parser.Parse("other", TestKeys.Email, TestKeys.Pem).Value;

    [Fact]
    public async Task Good_credentials_are_checked_stored_and_in_force_at_once()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        List<TenantId> announced = [];
        site.Service.Changed += announced.Add;
        Assert.IsType<SendOutcome.CredentialFault>(await site.SendAsync());

        var view = (await SetAsync(site)).Value;

        Assert.Equal((true, TestKeys.Project, "mar…", "MIIE…", "ann", CredentialStatus.Verified), (view.Configured, view.ProjectName, view.ClientEmail, view.PrivateKey, view.UpdatedBy, view.Status));
        Assert.Equal(CheckVerdict.Passed, view.LastTest?.Result);
        Assert.Equal(view, await site.Service.GetAsync(Site.Tenant, Site.Cancellation));
        Assert.Contains("\"validate_only\":true", site.Sends.Requests.Single().Body, StringComparison.Ordinal);
        Assert.Equal([Site.Tenant], announced);
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
        Assert.Null(await site.Service.StatusAsync(Site.Tenant, Site.Cancellation));
    }

    [Fact]
    public async Task What_the_check_refuses_changes_nothing_unless_forced()
    {
        using var site = new Site([revoked], [SendReply.Accepted]).Provisioned();
        var before = site.Store.Row;

        var fault = (await SetAsync(site)).Fault;
        Assert.Equal(Problems.CredentialRefused, fault?.Problem);
        Assert.Contains("revoked", fault!.Detail, StringComparison.Ordinal);
        Assert.Same(before, site.Store.Row);

        Assert.Equal(CredentialStatus.Refused, (await SetAsync(site, force: true)).Value.Status);
        Assert.Equal(2, site.Store.Row?.Version);
        Assert.Contains("revoked", await site.Service.StatusAsync(Site.Tenant, Site.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_check_cannot_decide_never_replaces_credentials_that_may_work()
    {
        using var site = new Site([down], [SendReply.Accepted]).Provisioned();
        var before = site.Store.Row;

        var view = (await SetAsync(site)).Value;
        Assert.Equal((1, CredentialStatus.Verified), (view.Version, view.Status));
        Assert.Equal((2, CredentialStatus.Unverified, CheckVerdict.Undecided), (view.Next!.Version, view.Next.Status, view.Next.LastTest!.Result));
        Assert.Same(before, site.Store.Row);
        Assert.Equal(CredentialStatus.Unverified, (await SetAsync(site, force: true)).Value.Status);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("refused")]
    [InlineData("sealed")]
    public async Task What_the_check_cannot_decide_is_stored_where_nothing_works_yet(string old)
    {
        using var site = new Site([down], [SendReply.Accepted]);
        if (old == "refused") site.Store.Row = TestKeys.Stored(site.Seal) with { Status = CredentialStatus.Refused };
        if (old == "sealed") site.Store.Row = TestKeys.Stored(new CredentialSeal(TestKeys.MasterKey(9)));

        var view = (await SetAsync(site)).Value;

        Assert.Equal((CredentialStatus.Unverified, CheckVerdict.Undecided), (view.Status, view.LastTest!.Result));
    }

    [Fact]
    public async Task Another_project_needs_a_confirmation()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();

        var fault = (await site.Service.SetAsync(Site.App, new CredentialOffer(otherProject, "ann"), Site.Cancellation)).Fault;
        Assert.Equal(Problems.CredentialProjectChange, fault?.Problem);
        Assert.Contains("SENDER_ID_MISMATCH", fault!.Detail, StringComparison.Ordinal);
        Assert.Equal(1, site.Store.Row?.Version);
        Assert.Equal("other", (await site.Service.SetAsync(Site.App, new CredentialOffer(otherProject, "ann", ConfirmProjectChange: true), Site.Cancellation)).Value.ProjectName);
    }

    [Fact]
    public async Task Without_a_master_key_nothing_is_stored_and_nothing_asked()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted], MasterKey.FromBase64(""));

        Assert.Equal(Problems.CredentialSealed, (await SetAsync(site, force: true)).Fault?.Problem);
        Assert.Null(site.Store.Row);
    }

    [Fact]
    public async Task A_test_is_recorded_with_the_version_and_an_undecided_one_keeps_the_status()
    {
        using var site = new Site([TokenReply.Token("t1"), down, revoked], [SendReply.Accepted]).Provisioned();

        Assert.IsType<CheckResult.Passed>((await site.Service.TestAsync(Site.Tenant, Site.Cancellation)).Value);
        Assert.Equal((CredentialStatus.Verified, CheckVerdict.Passed), (site.Store.Row!.Status, site.Store.Row.LastCheck!.Result));
        Assert.IsType<CheckResult.Undecided>((await site.Service.TestAsync(Site.Tenant, Site.Cancellation)).Value);
        Assert.Equal((CredentialStatus.Verified, CheckVerdict.Undecided), (site.Store.Row.Status, site.Store.Row.LastCheck!.Result));
        Assert.IsType<CheckResult.Refused>((await site.Service.TestAsync(Site.Tenant, Site.Cancellation)).Value);
        Assert.Equal((CredentialStatus.Refused, CheckVerdict.Refused), (site.Store.Row.Status, site.Store.Row.LastCheck!.Result));
    }

    [Fact]
    public async Task A_test_that_fails_does_not_disturb_the_sending_that_works()
    {
        using var site = new Site([TokenReply.Token("t1"), down, revoked], [SendReply.Accepted]).Provisioned();
        await site.SendAsync();

        for (var test = 0; test < 2; test++)
        {
            Assert.IsNotType<CheckResult.Passed>((await site.Service.TestAsync(Site.Tenant, Site.Cancellation)).Value);
            Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
            site.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
            Assert.Null(await site.Service.StatusAsync(Site.Tenant, Site.Cancellation));
        }
    }

    [Fact]
    public async Task A_test_that_passes_ends_the_wait_after_a_refusal_at_once()
    {
        using var site = new Site([revoked, TokenReply.Token("t1")], [SendReply.Accepted]).Provisioned();
        List<TenantId> announced = [];
        site.Service.Changed += announced.Add;
        Assert.IsType<SendOutcome.CredentialFault>(await site.SendAsync());

        Assert.IsType<CheckResult.Passed>((await site.Service.TestAsync(Site.Tenant, Site.Cancellation)).Value);

        Assert.Equal([Site.Tenant], announced);
        Assert.IsType<SendOutcome.Accepted>(await site.SendAsync());
    }

    [Fact]
    public async Task A_tenant_without_credentials_is_told_so()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);

        Assert.Equal(CredentialView.None, await site.Service.GetAsync(Site.Tenant, Site.Cancellation));
        Assert.Equal(Problems.CredentialMissing, (await site.Service.TestAsync(Site.Tenant, Site.Cancellation)).Fault?.Problem);
    }

    [Fact]
    public async Task Status_names_what_the_last_send_met_and_forgets_it_when_Firebase_answers()
    {
        var off = new SendReply(403, """{"error":{"status":"PERMISSION_DENIED","details":[{"@type":"google.rpc.ErrorInfo","reason":"SERVICE_DISABLED"}]}}""");
        using var site = new Site([TokenReply.Token("t1")], [off, new(503, ""), SendReply.Accepted]).Provisioned();

        await site.SendAsync();
        Assert.Contains("apis/library/fcm.googleapis.com", await site.Service.StatusAsync(Site.Tenant, Site.Cancellation), StringComparison.Ordinal);
        await site.SendAsync();
        Assert.Contains("HTTP_503", await site.Service.StatusAsync(Site.Tenant, Site.Cancellation), StringComparison.Ordinal);
        await site.SendAsync();
        Assert.Null(await site.Service.StatusAsync(Site.Tenant, Site.Cancellation));
    }

    public static TheoryData<string, string> Verdicts => new()
    {
        { nameof(SendOutcome.Accepted), nameof(CheckResult.Passed) },
        { nameof(SendOutcome.TargetSuspect), nameof(CheckResult.Passed) },
        { nameof(SendOutcome.TargetDead), nameof(CheckResult.Passed) },
        { nameof(SendOutcome.CredentialFault), nameof(CheckResult.Refused) },
        { nameof(SendOutcome.Unavailable), nameof(CheckResult.Undecided) },
        { nameof(SendOutcome.Throttled), nameof(CheckResult.Undecided) },
        { nameof(SendOutcome.TargetForeign), nameof(CheckResult.Undecided) },
        { nameof(SendOutcome.Rejected), nameof(CheckResult.Undecided) },
    };

    [Theory, MemberData(nameof(Verdicts))]
    public void Every_outcome_of_the_dry_run_has_a_verdict(string outcome, string verdict)
    {
        SendOutcome[] all =
        [
            new SendOutcome.Accepted("n"), new SendOutcome.TargetSuspect("c", "r"), new SendOutcome.TargetDead("c"), new SendOutcome.TargetForeign("c"), new SendOutcome.Rejected("c", "r"),
            new SendOutcome.Throttled("c", null), new SendOutcome.Unavailable("c", null), new SendOutcome.CredentialFault("c", "r"),
        ];

        Assert.Equal(typeof(SendOutcome).GetNestedTypes().Length, all.Length);
        Assert.Equal(verdict, CredentialCheck.Judge(all.Single(o => o.GetType().Name == outcome), TestKeys.Credential, endpoint, 0).GetType().Name);
    }

    [Fact]
    public void A_missing_role_hints_at_an_account_of_another_project()
    {
        var fault = CredentialFaults.NoRole("other");

        Assert.Contains("names another project", ((CheckResult.Refused)CredentialCheck.Judge(fault, otherProject, endpoint, 0)).Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("names another project", ((CheckResult.Refused)CredentialCheck.Judge(fault, TestKeys.Credential, endpoint, 0)).Remedy, StringComparison.Ordinal);
    }

    private static Task<Answer<CredentialView>> SetAsync(Site site, bool force = false) =>
        site.Service.SetAsync(Site.App, new CredentialOffer(TestKeys.Credential, "ann", force), Site.Cancellation);
}
