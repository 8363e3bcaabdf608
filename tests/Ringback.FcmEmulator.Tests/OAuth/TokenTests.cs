using System.Net;
using System.Net.Http.Json;
using System.Text;
using Ringback.FcmEmulator.Hosting;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.OAuth;

public sealed class TokenTests
{
    private const string Lifetime =
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";

    [Fact]
    public async Task A_good_assertion_earns_a_bearer_token()
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        using var answer = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow()));
        var body = await JsonOf(answer);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("ya29.", (string)body["access_token"]!, StringComparison.Ordinal);
        Assert.Equal(3599, (int)body["expires_in"]!);
        Assert.Equal("Bearer", (string)body["token_type"]!);
        Assert.Equal(emulator.Clock.GetUtcNow(), answer.Headers.Date);
    }

    [Fact]
    public async Task The_token_uri_of_a_minted_file_is_an_audience_too()
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        var tokenUri = (string)account.File["token_uri"]!;
        Assert.Equal(new Uri(emulator.Http.BaseAddress!, "/token").ToString(), tokenUri);
        using var answer = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow(), audience: tokenUri));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    // issued, expires: seconds from now
    [InlineData(0, 3601, Lifetime)]
    [InlineData(0, 0, Lifetime)]
    [InlineData(0, -1, Lifetime)]
    [InlineData(601, 3601, Lifetime)]
    [InlineData(-4201, -601, Lifetime)]
    [InlineData(600, 4200, null)]
    [InlineData(-4200, -600, null)]
    [InlineData(0, 60, null)]
    public async Task Times_may_be_ten_minutes_off_and_an_hour_long(long issued, long expires, string? refusal)
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        using var answer = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow(), issued, expires));
        await AssertRefusedAsync(answer, refusal is null ? null : "invalid_grant", refusal);
    }

    [Theory]
    [InlineData(TestAccount.Scope, null)]
    [InlineData("https://www.googleapis.com/auth/cloud-platform", null)]
    [InlineData("openid https://www.googleapis.com/auth/firebase.messaging", null)]
    [InlineData("https://www.googleapis.com/auth/drive", "Invalid OAuth scope or ID token audience provided.")]
    [InlineData("", "Empty or missing scope not allowed.")]
    [InlineData(null, "Empty or missing scope not allowed.")]
    public async Task The_scope_must_allow_messaging(string? scope, string? refusal)
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        using var answer = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow(), scope: scope));
        await AssertRefusedAsync(answer, refusal is null ? null : "invalid_scope", refusal);
    }

    [Fact]
    public async Task A_foreign_audience_is_refused()
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        using var answer = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow(), audience: "https://example.com/token"));
        await AssertRefusedAsync(answer, "invalid_grant",
            "Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token");
    }

    [Fact]
    public async Task Only_the_key_of_the_account_signs_for_it()
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        var now = emulator.Clock.GetUtcNow();
        using var otherKey = await emulator.ExchangeAsync(TestAccount.Create(account.ClientEmail).Sign(now));
        await AssertRefusedAsync(otherKey, "invalid_grant", "Invalid JWT Signature.");

        using var otherAlgorithm = await emulator.ExchangeAsync(account.Sign(now, algorithm: "none"));
        await AssertRefusedAsync(otherAlgorithm, "invalid_grant", "Invalid JWT Signature.");

        // The claims of one assertion under the signature of another.
        var (first, second) = (account.Sign(now), account.Sign(now, expires: 60));
        using var swapped = await emulator.ExchangeAsync(first[..first.LastIndexOf('.')] + second[second.LastIndexOf('.')..]);
        await AssertRefusedAsync(swapped, "invalid_grant", "Invalid JWT Signature.");
    }

    [Fact]
    public async Task An_unknown_and_a_revoked_account_are_not_found()
    {
        await using var emulator = await StartAsync();
        using var unknown = await emulator.ExchangeAsync(
            TestAccount.Create("nobody@demo.iam.gserviceaccount.com").Sign(emulator.Clock.GetUtcNow()));
        await AssertRefusedAsync(unknown, "invalid_grant", "Invalid grant: account not found");

        var account = await emulator.MintAsync();
        Assert.NotEmpty(await emulator.BearerAsync(account));
        using var revoked = await emulator.Http.DeleteAsync(
            $"/accounts/{Uri.EscapeDataString(account.ClientEmail)}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        using var after = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow()));
        await AssertRefusedAsync(after, "invalid_grant", "Invalid grant: account not found");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b")]
    [InlineData("!.!.!")]
    [InlineData("e30.W10.AA")]
    [InlineData("bnVsbA.bnVsbA.AA")]
    public async Task What_is_no_jwt_is_an_invalid_grant(string assertion)
    {
        await using var emulator = await StartAsync(new EmulatorOptions { AnyAccount = true });
        using var answer = await emulator.ExchangeAsync(assertion);
        await AssertRefusedAsync(answer, "invalid_grant", null);
    }

    [Fact]
    public async Task Missing_and_foreign_parameters_have_their_own_errors()
    {
        await using var emulator = await StartAsync();
        using var type = await emulator.ExchangeAsync("x", grantType: "password");
        await AssertRefusedAsync(type, "unsupported_grant_type", null);
        using var noType = await emulator.ExchangeAsync("x", grantType: "");
        await AssertRefusedAsync(noType, "invalid_request", "Required parameter is missing: grant_type");
        using var noAssertion = await emulator.ExchangeAsync("");
        await AssertRefusedAsync(noAssertion, "invalid_request", "Required parameter is missing: assertion");
        using var noForm = await emulator.Http.PostAsJsonAsync("/token", new { a = 1 }, TestContext.Current.CancellationToken);
        await AssertRefusedAsync(noForm, "invalid_request", null);
        using var tooLong = await emulator.ExchangeAsync(new string('a', 70_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
    }

    [Fact]
    public async Task Any_account_means_any_signature_but_no_other_mistake()
    {
        await using var emulator = await StartAsync(new EmulatorOptions { AnyAccount = true });
        var stranger = TestAccount.Create("firebase-adminsdk-abcde@demo.iam.gserviceaccount.com");
        var now = emulator.Clock.GetUtcNow();
        using var taken = await emulator.ExchangeAsync(stranger.Sign(now));
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var late = await emulator.ExchangeAsync(stranger.Sign(now, expires: 7200));
        await AssertRefusedAsync(late, "invalid_grant", Lifetime);
        using var noProject = await emulator.ExchangeAsync(TestAccount.Create("somebody@example.com").Sign(now));
        await AssertRefusedAsync(noProject, "invalid_grant", "Invalid grant: account not found");
    }

    [Fact]
    public async Task A_registered_file_signs_and_a_second_key_replaces_the_first()
    {
        await using var emulator = await StartAsync();
        var old = TestAccount.Create("firebase-adminsdk-abcde@demo.iam.gserviceaccount.com");
        var renewed = TestAccount.Create(old.ClientEmail);
        foreach (var account in new[] { old, renewed })
        {
            using var body = new StringContent($$"""{"serviceAccount":{{account.File.ToJsonString()}}}""", Encoding.UTF8, "application/json");
            using var registered = await emulator.Http.PostAsync("/accounts", body, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
            Assert.NotEmpty(await emulator.BearerAsync(account));
        }
        using var answer = await emulator.ExchangeAsync(old.Sign(emulator.Clock.GetUtcNow()));
        await AssertRefusedAsync(answer, "invalid_grant", "Invalid JWT Signature.");
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, string? error, string? description)
    {
        var body = await JsonOf(answer);
        Assert.Equal(error is null ? HttpStatusCode.OK : HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(error, (string?)body["error"]);
        if (description is not null)
        {
            Assert.Equal(description, (string?)body["error_description"]);
        }
    }
}
