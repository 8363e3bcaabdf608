using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Credentials that somebody offers.</summary>
/// <param name="Credential">What was parsed by <see cref="CredentialParser"/>.</param>
/// <param name="By">Who, as pages show it.</param>
/// <param name="Force">Put into force whatever the check says; confirms a change of the project too.</param>
/// <param name="ConfirmProjectChange">The user knows that push targets of the old project cannot be reached with the new one.</param>
public sealed record CredentialOffer(FirebaseCredential Credential, string By, bool Force = false, bool ConfirmProjectChange = false);

/// <summary>Everything that API, page and command line do with the Firebase credentials of a tenant's app.</summary>
public sealed partial class CredentialService
{
    private readonly ICredentialStore store;
    private readonly CredentialSeal seal;
    private readonly CredentialCheck check;
    private readonly Credentials credentials;
    private readonly TimeSpan previousKeptFor;
    private readonly TimeProvider clock;
    private readonly ILogger<CredentialService> logger;

    internal CredentialService(
        ICredentialStore store, CredentialSeal seal, CredentialCheck check, Credentials credentials, IOptions<FirebaseOptions> options, TimeProvider clock,
        ILogger<CredentialService> logger) =>
        (this.store, this.seal, this.check, this.credentials, previousKeptFor, this.clock, this.logger) =
        (store, seal, check, credentials, options.Value.PreviousKeptFor, clock, logger);

    /// <summary>
    /// Raised when other credentials have come into force for a tenant, here or (noticed within 30 s) on another node: pushes that waited may go now.
    /// Handlers must neither block nor throw.
    /// </summary>
    public event Action<TenantId>? Changed
    {
        add => credentials.Changed += value;
        remove => credentials.Changed -= value;
    }

    /// <summary>
    /// Checks new credentials. What passes is put into force, and what was in force before is kept for a while; what the check refuses changes nothing; what it cannot decide
    /// about waits beside credentials that may work, and is checked again by itself (A6).
    /// </summary>
    /// <param name="key">Whose credentials.</param>
    /// <param name="offer">The new ones.</param>
    /// <param name="cancellation">Ends the wait for the check.</param>
    public async Task<Answer<CredentialView>> SetAsync(CredentialKey key, CredentialOffer offer, CancellationToken cancellation)
    {
        if (seal.Fault is { } noKey) return noKey;
        if (FirebaseAppName.Mistake(key.App) is { } mistake) return mistake;
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        if (set.Current is { } old && old.ProjectName != offer.Credential.ProjectName && !offer.Force && !offer.ConfirmProjectChange)
            return ProjectChange(old.ProjectName, offer.Credential.ProjectName);

        var result = await check.RunAsync(offer.Credential, cancellation);
        var working = set.Current is { } current && MayWork(current);
        var verdict = RotationRules.Judge(result, working, offer.Force);
        if (verdict == RotationRules.Verdict.Refused) return await RefuseAsync(key, offer, (CheckResult.Refused)result, cancellation);

        var sealedOffer = Seal(key, offer, set.LastVersion + 1, result);
        if (sealedOffer.Fault is { } fault) return fault;
        var stored = sealedOffer.Value;
        var takesOver = verdict == RotationRules.Verdict.TakesOver;
        var after = takesOver ? RotationRules.TakeOver(set, stored, working, clock.Now() + previousKeptFor) : RotationRules.Wait(set, stored);
        var happened = Event(stored, takesOver ? CredentialAction.Stored : CredentialAction.Waiting, offer.By, stored.LastCheck);
        return await ChangeAsync(key, set, after, [happened], cancellation) is { } conflict ? conflict : CredentialView.Of(after);
    }

    /// <summary>Checks the credentials in force of the default app and records the result (A8).</summary>
    public Task<Answer<CheckResult>> TestAsync(TenantId tenant, CancellationToken cancellation) => TestAsync(CredentialKey.DefaultOf(tenant), cancellation);

    /// <summary>Checks the credentials in force and records the result as the last check of this version (A8).</summary>
    public async Task<Answer<CheckResult>> TestAsync(CredentialKey key, CancellationToken cancellation)
    {
        if (await store.FindAsync(key.Tenant, key.App, cancellation) is not { } stored) return Missing;
        var opened = seal.Open(stored);
        if (opened.Fault is { } fault) return fault;
        var result = await check.RunAsync(opened.Value, cancellation);
        var status = result is CheckResult.Undecided ? stored.Status : RotationRules.StatusAfter(result);
        if (!await store.RecordCheckAsync(key.Tenant, key.App, stored.Version, status, result.At(clock.Now()), cancellation)) return Conflict();
        Log.Tested(logger, key.Tenant, stored.ProjectName, stored.Version, result.GetType().Name);
        // Only good news is acted upon: an access token from before still serves while the token endpoint is away.
        if (result is CheckResult.Passed) credentials.Invalidate(key);
        if (result is CheckResult.Refused) credentials.Doubt(key, stored with { Status = status, LastCheck = result.At(clock.Now()) });
        return result;
    }

    /// <summary>What may be shown of the credentials of the default app.</summary>
    public Task<CredentialView> GetAsync(TenantId tenant, CancellationToken cancellation) => GetAsync(CredentialKey.DefaultOf(tenant), cancellation);

    /// <summary>What may be shown of the credentials in force, of those that wait and of those that were replaced.</summary>
    public async Task<CredentialView> GetAsync(CredentialKey key, CancellationToken cancellation) =>
        CredentialView.Of(await store.FindSetAsync(key.Tenant, key.App, cancellation));

    /// <summary>What happened to the credentials, the newest first.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="before">Only entries with a lower number; null: from the newest on.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<IReadOnlyList<CredentialEvent>> HistoryAsync(CredentialKey key, int? before, int limit, CancellationToken cancellation) =>
        store.HistoryAsync(key.Tenant, key.App, before, limit, cancellation);

    /// <summary>The tenant's apps that have credentials, by name.</summary>
    public Task<IReadOnlyList<string>> AppsAsync(TenantId tenant, CancellationToken cancellation) => store.ListAppsAsync(tenant, cancellation);

    /// <summary>Why this tenant's pushes wait, for <c>/readyz</c> and pages, or null. Sends nothing.</summary>
    public async Task<string?> StatusAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (await StatusAsync(CredentialKey.DefaultOf(tenant), cancellation) is { } why) return why;
        foreach (var app in await store.ListAppsAsync(tenant, cancellation))
        {
            if (app != CredentialKey.DefaultApp && await StatusAsync(new CredentialKey(tenant, app), cancellation) is { } trouble) return $"App {app}: {trouble}";
        }
        return null;
    }

    /// <summary>The same for one app.</summary>
    public async Task<string?> StatusAsync(CredentialKey key, CancellationToken cancellation) => await credentials.GetAsync(key, cancellation) switch
    {
        OpenAnswer.Ready ready => ready.Opened.Waiting,
        OpenAnswer.Blocked { Outcome: Delivery.SendOutcome.CredentialFault fault } => fault.Remedy,
        OpenAnswer.Blocked => "The credentials cannot be read from the database at present.",
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    private static Fault Missing => Problems.CredentialMissing.With("Store Firebase credentials first.");

    private static Fault Conflict() => Problems.CredentialConflict.With("Somebody else changed the credentials in the meantime. Look at them and try again.");

    private static Fault ProjectChange(string old, string next) => Problems.CredentialProjectChange.With(
        $"Project {old} is configured. Push targets registered with it will answer SENDER_ID_MISMATCH under project {next}. "
        + "Nothing was changed. Confirm the change of the project (confirmProjectChange) if that is what you want.");

    private bool MayWork(StoredCredential stored) => stored.Status != CredentialStatus.Refused && seal.Open(stored).Fault is null;

    private async Task<Fault> RefuseAsync(CredentialKey key, CredentialOffer offer, CheckResult.Refused refused, CancellationToken cancellation)
    {
        var (credential, last) = (offer.Credential, refused.At(clock.Now()));
        await store.AddEventAsync(
            key.Tenant, key.App,
            new CredentialEvent(last.At, offer.By, CredentialAction.Refused, 0, credential.ProjectName, credential.Fingerprint, last.Result, last.Code, last.Detail), cancellation);
        Log.NotStored(logger, key.Tenant, credential.ProjectName, refused.Code);
        return Problems.CredentialRefused.With($"{refused.Remedy} Nothing was changed.");
    }

    private Answer<StoredCredential> Seal(CredentialKey key, CredentialOffer offer, int version, CheckResult result)
    {
        var credential = offer.Credential;
        var record = seal.Seal(key.Tenant, key.App, version, credential);
        if (record.Fault is { } fault) return fault;
        var now = clock.Now();
        return new StoredCredential
        {
            Tenant = key.Tenant,
            App = key.App,
            Version = version,
            ProjectName = credential.ProjectName,
            Sealed = record.Value,
            ClientEmailMask = credential.ClientEmailMask,
            PrivateKeyMask = credential.PrivateKeyMask,
            Fingerprint = credential.Fingerprint,
            UpdatedAt = now,
            UpdatedBy = offer.By,
            Status = RotationRules.StatusAfter(result),
            LastCheck = result.At(now),
            IsForced = offer.Force && result is CheckResult.Refused,
        };
    }

    private CredentialEvent Event(StoredCredential stored, CredentialAction action, string by, LastCheck? last = null) =>
        new(clock.Now(), by, action, stored.Version, stored.ProjectName, stored.Fingerprint, last?.Result, last?.Code, last?.Detail);

    /// <summary>Makes a change durable and, where another version is in force by it, known to whoever sends. Null where it was made.</summary>
    private async Task<Fault?> ChangeAsync(CredentialKey key, CredentialSet before, CredentialSet after, CredentialEvent[] events, CancellationToken cancellation)
    {
        if (!await store.ChangeAsync(key.Tenant, key.App, before, after, events, cancellation)) return Conflict();
        foreach (var e in events) Log.Changed(logger, key.Tenant, key.App, e.ProjectName, e.Version, e.Action, e.By);
        if (before.Current?.Version != after.Current?.Version) credentials.Invalidate(key);
        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3030, LogLevel.Information, "Tenant {Tenant}, app {App}: credentials for project {Project}, version {Version}: {Action} by {By}")]
        public static partial void Changed(ILogger logger, TenantId tenant, string app, string project, int version, CredentialAction action, string by);

        [LoggerMessage(3031, LogLevel.Warning, "Tenant {Tenant}: new credentials for project {Project} not stored: {Code}")]
        public static partial void NotStored(ILogger logger, TenantId tenant, string project, string code);

        [LoggerMessage(3032, LogLevel.Information, "Tenant {Tenant}: credentials for project {Project}, version {Version}, tested: {Result}")]
        public static partial void Tested(ILogger logger, TenantId tenant, string project, int version, string result);

        [LoggerMessage(3033, LogLevel.Error, "Tenant {Tenant}, app {App}: Firebase refuses version {Version} of the credentials; the version before is in force again: {Why}")]
        public static partial void Returned(ILogger logger, TenantId tenant, string app, int version, string why);
    }
}
