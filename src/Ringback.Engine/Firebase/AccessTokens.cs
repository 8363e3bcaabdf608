using Microsoft.Extensions.Logging;

namespace Ringback.Engine.Firebase;

/// <summary>
/// The access tokens of one version of a tenant's credentials: one that lasts is kept, one request at a time is under way, and the next token is fetched in the
/// background before this one expires.
/// </summary>
internal sealed partial class AccessTokens(FirebaseCredential credential, TenantId tenant, TokenExchange exchange, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan refreshLead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan expiryMargin = TimeSpan.FromSeconds(30); // A token must outlive the request that carries it.

    // After a refusal the answer stays the same for a while, so that a thousand waiting pushes do not ask Google a thousand times.
    private static readonly TimeSpan refusalHold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan outageHold = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan longestHold = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private TokenAnswer.Token? token;
    private TokenAnswer? failure;
    private long askedAt, failedAt;
    private Task<TokenAnswer>? refresh;

    /// <summary>A token that Google takes at present, or why there is none. Without any wait while a token lasts.</summary>
    public ValueTask<TokenAnswer> GetAsync(CancellationToken cancellation)
    {
        // Step 7.
        Task<TokenAnswer> pending;
        lock (gate)
        {
            var held = failure is not null && clock.GetElapsedTime(failedAt) < Hold(failure);
            if (token is not null)
            {
                var age = clock.GetElapsedTime(askedAt);
                if (age >= token.Lifetime - Part(token.Lifetime, refreshLead, 4) && !held) refresh ??= Task.Run(RefreshAsync, CancellationToken.None);
                if (age < token.Lifetime - Part(token.Lifetime, expiryMargin, 10)) return new ValueTask<TokenAnswer>(token);
            }

            if (held && refresh is null) return new ValueTask<TokenAnswer>(failure!);
            pending = refresh ??= Task.Run(RefreshAsync, CancellationToken.None);
        }

        return new ValueTask<TokenAnswer>(pending.WaitAsync(cancellation));
    }

    /// <summary>Drops a token that Firebase refused. If another has taken its place already, nothing happens.</summary>
    public void Forget(TokenAnswer.Token refused)
    {
        lock (gate)
        {
            if (ReferenceEquals(token, refused)) token = null;
        }
    }

    private async Task<TokenAnswer> RefreshAsync()
    {
        var asked = clock.GetTimestamp();
        TokenAnswer? answer = null;
        try
        {
            answer = await exchange.FetchAsync(credential, CancellationToken.None);
            Report(answer);
            return answer;
        }
        finally
        {
            lock (gate)
            {
                refresh = null;
                if (answer is TokenAnswer.Token fresh) (token, askedAt, failure) = (fresh, asked, null);
                else if (answer is not null) (failure, failedAt) = (answer, clock.GetTimestamp());
            }
        }
    }

    private void Report(TokenAnswer answer)
    {
        switch (answer)
        {
            case TokenAnswer.Token fresh:
                Log.Fetched(logger, tenant, credential.ProjectName, fresh.Lifetime.TotalSeconds);
                if (fresh.SkewSeconds != 0) Log.Skewed(logger, fresh.SkewSeconds);
                break;
            case TokenAnswer.Refused refused:
                Log.Refused(logger, tenant, credential.ProjectName, refused.Fault.Code);
                break;
            case TokenAnswer.Unavailable unavailable:
                Log.Unavailable(logger, tenant, credential.ProjectName, unavailable.Outcome.Code);
                break;
            default:
                throw new InvalidOperationException(answer.GetType().Name);
        }
    }

    private static TimeSpan Hold(TokenAnswer failure) => failure switch
    {
        TokenAnswer.Unavailable { Outcome.RetryAfter: { } wait } when wait > outageHold => wait < longestHold ? wait : longestHold,
        TokenAnswer.Unavailable => outageHold,
        _ => refusalHold,
    };

    /// <summary>The margin, or a share of the lifetime where that is shorter than Google's hour.</summary>
    private static TimeSpan Part(TimeSpan lifetime, TimeSpan margin, int share) => margin < lifetime / share ? margin : lifetime / share;
}
