using System.Text.Json;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>A4: e-mail, key, access token and push token carry markers; no text that this slice makes may show one.</summary>
public sealed class SecretsTests
{
    [Fact]
    public async Task No_log_line_fault_or_outcome_of_any_flow_shows_a_secret()
    {
        TokenReply[] tokens =
        [
            TokenReply.Token("marked-secret-access"), TokenReply.Token("marked-secret-access"), TokenReply.Token("marked-secret-access"), TokenReply.Error("invalid_grant", "marked-secret Invalid JWT Signature."),
            new(200, "marked-secret"), new(503, "marked-secret"), TokenReply.Error("marked-secret", "marked-secret-email@x account not found"), TokenReply.Token("marked-secret-access"),
        ];
        SendReply[] sends =
        [
            SendReply.Accepted, SendReply.Accepted, SendReply.Accepted, new(401, "marked-secret"), SendReply.Reset, SendReply.Cut, new(400, """{"error":{"status":"INVALID_ARGUMENT","message":"marked-secret"}}"""), new(404, "marked-secret"),
        ];
        using var site = new Site(tokens, sends);
        List<object?> seen = [];
        for (var round = 0; round < 12; round++)
        {
            seen.Add(await site.SendAsync());
            var set = await site.Service.SetAsync(Site.App, new CredentialOffer(TestKeys.Credential, "ann", Force: round % 2 == 0), Site.Cancellation);
            seen.Add(set.Fault is null ? set.Value : set.Fault);
            var tested = await site.Service.TestAsync(Site.Tenant, Site.Cancellation);
            seen.Add(tested.Fault is null ? tested.Value : tested.Fault);
            seen.Add(await site.Service.GetAsync(Site.Tenant, Site.Cancellation));
            seen.Add(await site.Service.StatusAsync(Site.Tenant, Site.Cancellation));
            seen.Add(site.Store.Row);
            site.Clock.Advance(TimeSpan.FromMinutes(30));
        }

        Assert.True(site.LogLines.Count > 10);
        Assert.Contains(seen, o => o is SendOutcome.Accepted);
        AssertClean([.. seen.Select(o => o?.ToString() ?? ""), .. seen.Select(o => JsonSerializer.Serialize(o)), .. site.LogLines]);
    }

    [Fact]
    public void No_type_that_holds_a_secret_prints_or_serialises_it()
    {
        object[] holders =
        [
            TestKeys.Credential,
            TestKeys.Credential.PrivateKey,
            new TokenAnswer.Token(new Secret("Bearer marked-secret-access"), TimeSpan.FromHours(1)),
            Assertion.Sign(TestKeys.Credential, new Uri("https://oauth2.googleapis.com/token"), DateTimeOffset.UnixEpoch)!,
            new PushTarget(PushTargetType.Token, "marked-secret-token"),
            TestKeys.MasterKey(1),
            new CredentialSeal(TestKeys.MasterKey(1)),
            (Answer<FirebaseCredential>)TestKeys.Credential,
        ];

        AssertClean(holders.Select(holder => holder.ToString() ?? ""));
        foreach (var holder in holders.Take(4)) AssertClean([Assert.ThrowsAny<JsonException>(() => JsonSerializer.Serialize(holder, holder.GetType())).ToString()]);
        Assert.DoesNotContain(Convert.ToBase64String(new byte[16]), JsonSerializer.Serialize(TestKeys.MasterKey(0)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_search_finds_a_secret_where_there_is_one() =>
        Assert.ThrowsAny<Exception>(() => AssertClean([TestKeys.Credential.PrivateKey.Reveal()]));

    private static void AssertClean(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            Assert.DoesNotContain("marked", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(TestKeys.KeyMarker, text, StringComparison.Ordinal);
        }
    }
}
