using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class AccessTokensTests
{
    private const string Skewed = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";

    [Fact]
    public async Task The_assertion_is_signed_and_says_what_Google_asks_for()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        await site.AccessTokens().GetAsync(Site.Cancellation);

        var form = Assert.Single(site.Tokens.Requests).Split('&');
        Assert.Equal("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", form[0]);
        var parts = form[1]["assertion=".Length..].Split('.');
        Assert.Equal("""{"alg":"RS256","typ":"JWT"}""", Encoding.UTF8.GetString(Decode(parts[0])));
        Assert.True(TestKeys.Key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Decode(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var claims = JsonDocument.Parse(Decode(parts[1])).RootElement;
        Assert.Equal(TestKeys.Email, claims.GetProperty("iss").GetString());
        Assert.Equal("https://www.googleapis.com/auth/firebase.messaging", claims.GetProperty("scope").GetString());
        Assert.Equal(site.Tokens.Address.AbsoluteUri, claims.GetProperty("aud").GetString());
        Assert.Equal(site.Clock.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.Equal(3600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
    }

    [Fact]
    public async Task A_thousand_callers_cause_one_request()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        site.Tokens.Gate = new TaskCompletionSource();
        var tokens = site.AccessTokens();

        var calls = Enumerable.Range(0, 1000).Select(_ => tokens.GetAsync(Site.Cancellation).AsTask()).ToList();
        site.Tokens.Gate.SetResult();
        var answers = await Task.WhenAll(calls);

        Assert.All(answers, answer => Assert.Equal("Bearer t1", Value(answer)));
        Assert.Single(site.Tokens.Requests);
    }

    [Fact]
    public async Task The_next_token_is_fetched_in_the_background_while_the_old_one_serves()
    {
        using var site = new Site([TokenReply.Token("t1"), TokenReply.Token("t2")], [SendReply.Accepted]);
        var tokens = site.AccessTokens();
        await tokens.GetAsync(Site.Cancellation);

        site.Clock.Advance(TimeSpan.FromMinutes(54.9));
        Assert.Equal("Bearer t1", Value(await tokens.GetAsync(Site.Cancellation)));
        Assert.Single(site.Tokens.Requests);
        site.Clock.Advance(TimeSpan.FromMinutes(0.2));
        var during = tokens.GetAsync(Site.Cancellation);

        Assert.True(during.IsCompletedSuccessfully);
        Assert.Equal("Bearer t1", Value(await during));
        await Site.Until(() => Value(tokens.GetAsync(Site.Cancellation).AsTask().GetAwaiter().GetResult()) == "Bearer t2");
        Assert.Equal(2, site.Tokens.Requests.Count);
    }

    [Fact]
    public async Task A_token_that_has_expired_is_never_given_out()
    {
        using var site = new Site([TokenReply.Token("t1"), TokenReply.Token("t2")], [SendReply.Accepted]);
        var tokens = site.AccessTokens();
        await tokens.GetAsync(Site.Cancellation);

        site.Clock.Advance(TimeSpan.FromMinutes(59.6));

        Assert.Equal("Bearer t2", Value(await tokens.GetAsync(Site.Cancellation)));
    }

    [Fact]
    public async Task An_outage_during_the_background_refresh_does_no_harm_while_the_token_lasts()
    {
        using var site = new Site([TokenReply.Token("t1"), new TokenReply(503, "")], [SendReply.Accepted]);
        var tokens = site.AccessTokens();
        await tokens.GetAsync(Site.Cancellation);
        site.Clock.Advance(TimeSpan.FromMinutes(56));

        Assert.Equal("Bearer t1", Value(await tokens.GetAsync(Site.Cancellation)));
        await Site.Until(() => site.LogLines.Any(line => line.StartsWith("3003", StringComparison.Ordinal)));
        Assert.Equal("Bearer t1", Value(await tokens.GetAsync(Site.Cancellation)));
    }

    [Fact]
    public async Task A_forgotten_token_is_fetched_anew_and_a_late_forgetter_changes_nothing()
    {
        using var site = new Site([TokenReply.Token("t1"), TokenReply.Token("t2"), TokenReply.Token("t3")], [SendReply.Accepted]);
        var tokens = site.AccessTokens();
        var first = (TokenAnswer.Token)await tokens.GetAsync(Site.Cancellation);

        tokens.Forget(first);
        Assert.Equal("Bearer t2", Value(await tokens.GetAsync(Site.Cancellation)));
        tokens.Forget(first);
        Assert.Equal("Bearer t2", Value(await tokens.GetAsync(Site.Cancellation)));
    }

    [Theory]
    [InlineData("invalid_grant", "Invalid JWT Signature.", CredentialFaults.KeyRevoked)]
    [InlineData("invalid_grant", "Invalid grant: account not found", CredentialFaults.Account)]
    [InlineData("invalid_grant", "Account disabled: 1234", CredentialFaults.Account)]
    [InlineData("invalid_client", "The OAuth client was not found.", CredentialFaults.Account)]
    [InlineData("invalid_grant", Skewed, CredentialFaults.ClockSkew)]
    [InlineData("unauthorized_client", "marked-secret", CredentialFaults.TokenRefused)]
    [InlineData("invalid_grant", "something new", CredentialFaults.TokenRefused)]
    public async Task Every_refusal_of_Google_has_its_fault(string error, string description, string code)
    {
        using var site = new Site([TokenReply.Error(error, description)], [SendReply.Accepted]);
        var refused = Assert.IsType<TokenAnswer.Refused>(await site.AccessTokens().GetAsync(Site.Cancellation));

        Assert.Equal(code, refused.Fault.Code);
        Assert.DoesNotContain("marked-secret", refused.Fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_remembered_for_a_while_and_then_tried_again()
    {
        using var site = new Site([TokenReply.Error("invalid_grant", "Invalid JWT Signature."), TokenReply.Token("t1")], [SendReply.Accepted]);
        var tokens = site.AccessTokens();
        await tokens.GetAsync(Site.Cancellation);
        site.Clock.Advance(TimeSpan.FromSeconds(29));

        Assert.IsType<TokenAnswer.Refused>(await tokens.GetAsync(Site.Cancellation));
        Assert.Single(site.Tokens.Requests);
        site.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("Bearer t1", Value(await tokens.GetAsync(Site.Cancellation)));
    }

    [Fact]
    public async Task A_wrong_clock_is_corrected_by_Googles_and_reported_in_seconds()
    {
        using var site = new Site([TokenReply.Error("invalid_grant", Skewed, "Date: Mon, 23 Nov 2026 12:00:00 GMT"), TokenReply.Token("t1")], [SendReply.Accepted]);

        Assert.Equal("Bearer t1", Value(await site.AccessTokens().GetAsync(Site.Cancellation)));
        var second = JsonDocument.Parse(Decode(site.Tokens.Requests.Last().Split('.')[1])).RootElement;
        Assert.Equal(site.Clock.GetUtcNow().AddHours(2).ToUnixTimeSeconds(), second.GetProperty("iat").GetInt64());
        Assert.Contains(site.LogLines, line => line.StartsWith("3004", StringComparison.Ordinal) && line.Contains("7200", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Date: Mon, 23 Nov 2026 12:00:00 GMT", "7200 seconds behind")]
    [InlineData("Date: Mon, 23 Nov 2026 09:58:20 GMT", "100 seconds ahead of")]
    [InlineData("Date: Mon, 23 Nov 2026 09:59:59 GMT", "Google refuses the time of the signed request. Check the clock of this machine")]
    public async Task A_wrong_clock_that_cannot_be_corrected_is_a_fault_that_names_the_seconds(string date, string says)
    {
        using var site = new Site([TokenReply.Error("invalid_grant", Skewed, date)], [SendReply.Accepted]);
        var refused = Assert.IsType<TokenAnswer.Refused>(await site.AccessTokens().GetAsync(Site.Cancellation));

        Assert.Equal(CredentialFaults.ClockSkew, refused.Fault.Code);
        Assert.Contains(says, refused.Fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(2, site.Tokens.Requests.Count);
    }

    [Theory]
    [InlineData(503, "", "TOKEN_HTTP_503")]
    [InlineData(429, "{\"error\":\"rate\"}", "TOKEN_HTTP_429")]
    [InlineData(404, "<html>", "TOKEN_HTTP_404")]
    [InlineData(200, "<html>", "UNREADABLE_TOKEN")]
    [InlineData(200, "{\"access_token\":7,\"expires_in\":3600}", "UNREADABLE_TOKEN")]
    [InlineData(200, "{\"access_token\":\"a b\",\"expires_in\":3600}", "UNREADABLE_TOKEN")]
    [InlineData(200, "{\"access_token\":\"t\"}", "UNREADABLE_TOKEN")]
    [InlineData(0, "", "CONNECTION")]
    public async Task An_outage_is_no_fault_of_the_credentials(int status, string body, string code)
    {
        using var site = new Site([new TokenReply(status, body, "Retry-After: 9")], [SendReply.Accepted]);
        var unavailable = Assert.IsType<TokenAnswer.Unavailable>(await site.AccessTokens().GetAsync(Site.Cancellation));

        Assert.Equal(code, unavailable.Outcome.Code);
        Assert.Equal(status == 0 ? null : TimeSpan.FromSeconds(9), unavailable.Outcome.RetryAfter);
    }

    [Fact]
    public async Task A_key_that_cannot_sign_is_a_fault()
    {
        using var site = new Site([TokenReply.Token("t1")], [SendReply.Accepted]);
        var broken = new FirebaseCredential("demo", new Secret("a@b"), new Secret("-----BEGIN PRIVATE KEY-----\nmarked-secret\n-----END PRIVATE KEY-----"));
        var refused = Assert.IsType<TokenAnswer.Refused>(await site.Exchange.FetchAsync(broken, Site.Cancellation));

        Assert.Equal(CredentialFaults.MalformedKey, refused.Fault.Code);
        Assert.Empty(site.Tokens.Requests);
    }

    private static string? Value(TokenAnswer answer) => (answer as TokenAnswer.Token)?.Authorization.Reveal();

    private static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);
}
