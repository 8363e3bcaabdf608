using System.Collections.Concurrent;
using System.Security.Claims;
using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Server.Access;

/// <summary>
/// Knows which sessions live. A page that stays open sends no requests, so the cookie alone cannot tell whether somebody sits before it: the page reports
/// activity, and the circuit behind it ends when no report has come for <see cref="IdleTimeOut"/>.
/// </summary>
/// <remarks>In memory: circuits live on this node too, and after a restart every page starts with a request, which enters the session again.</remarks>
internal sealed class Sessions(IUserAccountStore accounts, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Without activity a session ends after this time.</summary>
    public static readonly TimeSpan IdleTimeOut = TimeSpan.FromMinutes(20);

    /// <summary>However active, nobody stays signed in longer.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    private const int PruneAbove = 10_000;
    private readonly ConcurrentDictionary<string, DateTimeOffset> seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> ended = new(StringComparer.Ordinal);

    /// <summary>A new session.</summary>
    public ClaimsPrincipal Begin(UserAccount account)
    {
        var session = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
        seen[session] = clock.Now();
        return SiteClaims.PrincipalOf(account, session);
    }

    /// <summary>Ends a session: its cookie is worth nothing any more, even a copy of it.</summary>
    public void End(ClaimsPrincipal user)
    {
        if (user.FindFirstValue(SiteClaims.Session) is not { } session) return;
        seen.TryRemove(session, out _);
        ended[session] = clock.Now();
        Prune();
    }

    /// <summary>A request came with this session's cookie: whether it may go on.</summary>
    public async Task<bool> EnterAsync(ClaimsPrincipal user)
    {
        if (user.FindFirstValue(SiteClaims.Session) is not { } session || ended.ContainsKey(session) || !await AccountStandsAsync(user)) return false;
        seen[session] = clock.Now();
        Prune();
        return true;
    }

    /// <summary>Whether a circuit of this session may go on.</summary>
    public async Task<bool> IsAliveAsync(ClaimsPrincipal user) =>
        user.FindFirstValue(SiteClaims.Session) is { } session && seen.TryGetValue(session, out var at) && clock.Now() - at < IdleTimeOut && await AccountStandsAsync(user);

    private async Task<bool> AccountStandsAsync(ClaimsPrincipal user) =>
        SiteUser.TryReadKey(user.FindFirstValue(ClaimTypes.NameIdentifier), out var tenant, out var id)
        && Guid.TryParseExact(id, "D", out var userId)
        && await accounts.FindAsync(tenant, userId) is { } account
        && account.SecurityStamp == user.FindFirstValue(SiteClaims.Stamp)
        && user.IsInRole(account.Role.ToString());

    private void Prune()
    {
        if (seen.Count + ended.Count < PruneAbove) return;
        var now = clock.Now();
        foreach (var (session, at) in seen)
        {
            if (now - at > IdleTimeOut) seen.TryRemove(session, out _);
        }
        foreach (var (session, at) in ended)
        {
            // Its cookie cannot be younger than its end, so it has run out by now.
            if (now - at > IdleTimeOut) ended.TryRemove(session, out _);
        }
    }
}
