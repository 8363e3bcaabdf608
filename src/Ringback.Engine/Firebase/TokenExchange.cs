using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Asks Google for an access token, once and without any cache, and says what stands in the way.</summary>
internal sealed class TokenExchange(
    FirebaseHttp http, IOptions<FirebaseOptions> options, FirebaseMetrics metrics, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    private const string GrantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    // RFC 6749, 5.2, and Google's own. Any other text of the answer stays out of ours: it may quote the request.
    private static readonly string[] knownErrors =
        ["invalid_grant", "invalid_request", "invalid_scope", "unauthorized_client", "unsupported_grant_type", "access_denied", "admin_policy_enforced", "org_internal"];

    public async Task<TokenAnswer> FetchAsync(FirebaseCredential credential, CancellationToken cancellation)
    {
        var answer = await AskAsync(credential, cancellation);
        metrics.Fetched(answer);
        return answer;
    }

    private async Task<TokenAnswer> AskAsync(FirebaseCredential credential, CancellationToken cancellation)
    {
        var (answer, skew) = await AskAsync(credential, TimeSpan.Zero, cancellation);
        if (skew is not { } ahead) return answer;

        // Google says when it is; signed with that time the request passes although our clock is wrong.
        var (second, _) = await AskAsync(credential, ahead, cancellation);
        var seconds = (long)Math.Round(ahead.TotalSeconds);
        return second switch
        {
            TokenAnswer.Token token => token with { SkewSeconds = seconds },
            TokenAnswer.Refused { Fault.Code: CredentialFaults.ClockSkew } => new TokenAnswer.Refused(CredentialFaults.Skewed(seconds)) { SkewSeconds = seconds },
            TokenAnswer.Refused refused => refused with { SkewSeconds = seconds }, // Behind the wrong clock stands another fault.
            _ => second,
        };
    }

    /// <summary>The answer to a request signed at our time plus <paramref name="correction"/>, and by how much Google's clock is ahead where that was the fault.</summary>
    private async Task<(TokenAnswer Answer, TimeSpan? Skew)> AskAsync(FirebaseCredential credential, TimeSpan correction, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (Assertion.Sign(credential, options.Value.TokenEndpoint, now + correction) is not { } assertion)
            return (new TokenAnswer.Refused(CredentialFaults.CannotSign()), null);

        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.TokenEndpoint)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ByteArrayContent(Encoding.ASCII.GetBytes($"grant_type={Uri.EscapeDataString(GrantType)}&assertion={assertion.Reveal()}")),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        return await http.SendAsync(request, cancellation) switch
        {
            WireAnswer.Failed failed => (new TokenAnswer.Unavailable(new SendOutcome.Unavailable(failed.Code, null)), null),
            WireAnswer.Received { IsSuccess: true } received => (ReadToken(received), null),
            WireAnswer.Received received => ReadRefusal(received, now),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    private static TokenAnswer ReadToken(WireAnswer.Received received)
    {
        var (token, seconds) = Read(received.Body, root => (Text(root, "access_token"), root.TryGetProperty("expires_in", out var e) && e.TryGetInt32(out var s) ? s : 0));
        return token is { Length: > 0 } && token.All(c => c is > ' ' and <= '~') && seconds > 0
            ? new TokenAnswer.Token(new Secret("Bearer " + token), TimeSpan.FromSeconds(seconds))
            : Unavailable("UNREADABLE_TOKEN", received.RetryAfter);
    }

    // The token endpoint has no details: the texts are its only codes (RFC 6749, 5.2 leaves error_description to Google).
    private static (TokenAnswer, TimeSpan?) ReadRefusal(WireAnswer.Received received, DateTimeOffset now)
    {
        var (error, text) = Read(received.Body, root => (Text(root, "error"), Text(root, "error_description") ?? ""));
        if (error is null || received.Status is 429 or >= 500) return (Unavailable($"TOKEN_HTTP_{received.Status}", received.RetryAfter), null);

        bool Says(string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
        if (error == "invalid_grant" && (Says("short-lived token") || Says("reasonable timeframe")))
        {
            var skew = received.Date is { } date ? date - now : TimeSpan.Zero;
            return (new TokenAnswer.Refused(CredentialFaults.Skewed((long)Math.Round(skew.TotalSeconds))), received.Date is null ? null : skew);
        }

        var fault = error switch
        {
            "invalid_grant" when Says("signature") => CredentialFaults.Revoked(),
            "invalid_grant" when Says("account") || Says("disabled") || Says("deleted") => CredentialFaults.UnknownAccount(),
            "invalid_client" or "disabled_client" or "deleted_client" => CredentialFaults.UnknownAccount(),
            _ => CredentialFaults.NoToken(knownErrors.Contains(error) ? error : "unknown error"),
        };
        return (new TokenAnswer.Refused(fault), null);
    }

    private static TokenAnswer.Unavailable Unavailable(string code, TimeSpan? retryAfter) => new(new SendOutcome.Unavailable(code, retryAfter));

    private static (string?, T) Read<T>(byte[] body, Func<JsonElement, (string?, T)> read)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : default;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default; // No JSON, or a value of another type than promised.
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
