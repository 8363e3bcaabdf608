using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>The words for what goes wrong in the test of credentials (rule A7): a remedy for every code and every outcome.</summary>
public sealed class TestFaultTests
{
    private const string Project = "fcm-client-11959";

    public static TheoryData<SendOutcome, string> Outcomes => new()
    {
        { new SendOutcome.TargetForeign("SENDER_ID_MISMATCH"), "another Firebase project" },
        { new SendOutcome.TargetDead("UNREGISTERED"), "gone already" },
        { new SendOutcome.TargetSuspect("INVALID_ARGUMENT", ""), "does not take the token" },
        { new SendOutcome.Throttled("QUOTA_EXCEEDED", null), "throttles" },
        { new SendOutcome.Unavailable("DNS", null), "could not be reached" },
        { new SendOutcome.Rejected("THIRD_PARTY_AUTH_ERROR", ""), "web push key" },
        { new SendOutcome.Rejected("HTTP_413", "Too big."), "Too big." },
        { CredentialFaults.Revoked(), "revoked" },
        { CredentialFaults.ApiOff(Project), "is off" },
        { CredentialFaults.NoRole(Project), "may not send" },
        { CredentialFaults.Skewed(90), "90 seconds behind" },
    };

    [Theory, Trait("Rule", "A7")]
    [MemberData(nameof(Outcomes))]
    public void Every_outcome_but_success_has_a_reason_and_a_remedy(SendOutcome outcome, string reason)
    {
        var fault = SendFaults.Of(outcome, Project)!;
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.NotEqual("", fault.Remedy);
        Assert.DoesNotContain("  ", fault.Reason + fault.Remedy, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "A7")]
    public void What_FCM_has_taken_is_no_fault() => Assert.Null(SendFaults.Of(new SendOutcome.Accepted("projects/p/messages/1"), Project));

    [Fact, Trait("Rule", "A7")]
    public void The_API_that_is_off_and_the_role_that_is_missing_have_a_link()
    {
        Assert.Equal($"https://console.cloud.google.com/apis/library/fcm.googleapis.com?project={Project}", SendFaults.Of(CredentialFaults.ApiOff(Project), Project)!.Link);
        Assert.Equal($"https://console.cloud.google.com/iam-admin/iam?project={Project}", SendFaults.Of(CredentialFaults.NoRole(Project), Project)!.Link);
    }

    [Theory, Trait("Rule", "A7")]
    [InlineData("API_KEY_INVALID", 400, "api_key_invalid")]
    [InlineData("API_KEY_HTTP_REFERRER_BLOCKED", 403, "api_key_referrer")]
    [InlineData("API_KEY_SERVICE_BLOCKED", 403, "api_key_service")]
    [InlineData("API_KEY_ANDROID_APP_BLOCKED", 403, "api_key_platform")]
    [InlineData("SERVICE_DISABLED", 403, "api_disabled")]
    [InlineData(null, 401, "unauthenticated")]
    [InlineData(null, 403, "wrong_project")]
    [InlineData("CONSUMER_INVALID", 403, "wrong_project")]
    [InlineData(null, 404, "wrong_project")]
    [InlineData(null, 429, "throttled")]
    [InlineData(null, 503, "unavailable")]
    [InlineData(null, 400, "invalid")]
    [InlineData(null, 418, "invalid")]
    public void Every_refusal_of_Firebase_has_its_code_at_both_steps(string? reason, int status, string code)
    {
        foreach (var step in (TestStep[])[TestStep.Installation, TestStep.Registration])
        {
            var fault = BrowserFaults.Of(step, new BrowserAnswer { Code = "refused", Status = status, Reason = reason }, Project, "ringback.example");
            Assert.Equal($"{step.ToString().ToLowerInvariant()}.{code}", fault.Code);
            Assert.NotEqual("", fault.Remedy);
        }
    }

    [Theory, Trait("Rule", "A7")]
    [InlineData("firefox", "Privacy & Security")]
    [InlineData("chrome", "Site settings")]
    [InlineData("edge", "Permissions for this site")]
    [InlineData("safari", "Safari > Settings > Websites")]
    [InlineData("<b>", "Site settings")]
    public void How_to_allow_notifications_is_said_for_each_browser(string browser, string how)
    {
        var fault = BrowserFaults.Of(TestStep.Permission, new BrowserAnswer { Code = "permission.denied", Browser = browser }, Project, "ringback.example");
        Assert.Contains("Allow notifications for ringback.example", fault.Remedy, StringComparison.Ordinal);
        Assert.Contains(how, fault.Remedy, StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "A7")]
    public void A_code_that_nobody_knows_is_a_fault_of_the_script_and_is_not_repeated() =>
        Assert.Equal("browser.script", BrowserFaults.Of(TestStep.Worker, new BrowserAnswer { Code = "<script>" }, Project, "h").Code);
}
