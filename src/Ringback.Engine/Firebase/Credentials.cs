using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>
/// The opened credentials of every tenant's app that sends. A change made in this process is in force with the next send, one made by another node within
/// <see cref="MaxAge"/>; while the database is away the last known version goes on.
/// </summary>
internal sealed partial class Credentials(
    ICredentialStore store,
    CredentialSeal seal,
    TokenExchange exchange,
    IOptions<FirebaseOptions> options,
    [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock,
    ILogger<Credentials> logger)
{
    /// <summary>How old what was read may be.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan storeRetry = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<CredentialKey, Place> places = new();

    /// <summary>Raised when another version of a tenant's credentials has come into force. Handlers must neither block nor throw.</summary>
    public event Action<TenantId>? Changed;

    /// <summary>Raised when a send was refused for its credentials, once for each fault. Handlers must neither block nor throw.</summary>
    public event Action<StoredCredential>? Refused;

    /// <summary>The credentials of the tenant's default app.</summary>
    public ValueTask<OpenAnswer> GetAsync(TenantId tenant, CancellationToken cancellation) => GetAsync(CredentialKey.DefaultOf(tenant), cancellation);

    /// <summary>The credentials of an app, or why there are none. Without any wait unless they have to be read.</summary>
    public ValueTask<OpenAnswer> GetAsync(CredentialKey key, CancellationToken cancellation)
    {
        var place = places.GetOrAdd(key, static _ => new Place());
        Task<OpenAnswer> load;
        lock (place)
        {
            if (place.Answer is not null && clock.GetElapsedTime(place.ReadAt) < MaxAge) return new ValueTask<OpenAnswer>(place.Answer);
            load = place.Load ??= Task.Run(() => LoadAsync(key, place), CancellationToken.None);
        }

        return new ValueTask<OpenAnswer>(load.WaitAsync(cancellation));
    }

    /// <summary>Drops what is known of an app. A read under way ends in a place that nobody looks at any more, so an old version cannot come back.</summary>
    public void Invalidate(CredentialKey key)
    {
        places.TryRemove(key, out _);
        Changed?.Invoke(key.Tenant);
    }

    /// <summary>Says of credentials in use that a check of them was refused. They stay in use: an access token from before may serve still.</summary>
    public void Doubt(CredentialKey key, StoredCredential refused)
    {
        if (places.TryGetValue(key, out var place) && place.Answer is OpenAnswer.Ready { Opened: var opened } && opened.Stored.Version == refused.Version) opened.Doubt(refused);
    }

    private async Task<OpenAnswer> LoadAsync(CredentialKey key, Place place)
    {
        var before = place.Answer;
        OpenAnswer? answer = null;
        var readAt = clock.GetTimestamp();
        try
        {
            answer = Open(await store.FindAsync(key.Tenant, key.App, CancellationToken.None), key, before);
        }
        catch (ProblemException e)
        {
            Log.StoreUnavailable(logger, key.Tenant, e.Fault.Problem.Code);
            readAt -= (long)((MaxAge - storeRetry).TotalSeconds * clock.TimestampFrequency);
            answer = before ?? new OpenAnswer.Blocked(new SendOutcome.Unavailable("CREDENTIAL_STORE", null));
        }
        finally
        {
            lock (place)
            {
                place.Load = null;
                if (answer is not null) (place.Answer, place.ReadAt) = (answer, readAt);
            }
        }

        if (before is not null && VersionOf(before) != VersionOf(answer)) Changed?.Invoke(key.Tenant);
        return answer;
    }

    private OpenAnswer Open(StoredCredential? stored, CredentialKey key, OpenAnswer? before)
    {
        if (stored is null) return new OpenAnswer.Blocked(CredentialFaults.NotConfigured(key.App));
        if (before is OpenAnswer.Ready { Opened: var known } && known.Stored.Version == stored.Version && known.Stored.Sealed.AsSpan().SequenceEqual(stored.Sealed))
        {
            known.Stored = stored; // Only a check was recorded; the access token stays.
            return before;
        }

        var opened = seal.Open(stored);
        if (opened.Fault is { } fault)
        {
            Log.Sealed(logger, key.Tenant, stored.Version, fault.Detail);
            return new OpenAnswer.Blocked(CredentialFaults.CannotOpen(fault));
        }

        var tokens = new AccessTokens(opened.Value, key.Tenant, exchange, clock, logger);
        return new OpenAnswer.Ready(new OpenedCredential(stored, opened.Value, FcmSender.SendUri(options.Value, opened.Value.ProjectName), tokens, refused => Refused?.Invoke(refused)));
    }

    private static int VersionOf(OpenAnswer? answer) => answer is OpenAnswer.Ready ready ? ready.Opened.Stored.Version : 0;

    private sealed class Place
    {
        public OpenAnswer? Answer { get; set; }

        public long ReadAt { get; set; }

        public Task<OpenAnswer>? Load { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Error, "Tenant {Tenant}: version {Version} of the credentials cannot be opened, pushes wait: {Detail}")]
        public static partial void Sealed(ILogger logger, TenantId tenant, int version, string detail);

        [LoggerMessage(3011, LogLevel.Warning, "Tenant {Tenant}: the credentials cannot be read at present ({Code}); what is known of them stays in use")]
        public static partial void StoreUnavailable(ILogger logger, TenantId tenant, string code);
    }
}
