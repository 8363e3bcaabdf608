using Microsoft.Extensions.Logging;

namespace Ringback.Engine.Firebase;

/// <summary>Everything that API, page and command line do with a tenant's Firebase credentials.</summary>
public sealed partial class CredentialService
{
    private readonly ICredentialStore store;
    private readonly CredentialSeal seal;
    private readonly CredentialCheck check;
    private readonly Credentials credentials;
    private readonly TimeProvider clock;
    private readonly ILogger<CredentialService> logger;

    internal CredentialService(
        ICredentialStore store, CredentialSeal seal, CredentialCheck check, Credentials credentials, TimeProvider clock, ILogger<CredentialService> logger) =>
        (this.store, this.seal, this.check, this.credentials, this.clock, this.logger) = (store, seal, check, credentials, clock, logger);

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
    /// Checks new credentials and puts them into force. What the check refuses, and what belongs to another project, changes nothing unless <paramref name="force"/>;
    /// what the check cannot decide about never replaces credentials that may work (A6).
    /// </summary>
    /// <param name="tenant">Whose credentials.</param>
    /// <param name="credential">The new ones, from <see cref="CredentialParser"/>.</param>
    /// <param name="updatedBy">Who stores them, as pages show it.</param>
    /// <param name="force">Store them whatever the check says, and confirm a change of the project.</param>
    /// <param name="cancellation">Ends the wait for the check.</param>
    public async Task<Answer<CredentialView>> SetAsync(TenantId tenant, FirebaseCredential credential, string updatedBy, bool force, CancellationToken cancellation)
    {
        if (seal.Fault is { } noKey) return noKey;
        var old = await store.FindAsync(tenant, StoredCredential.DefaultApp, cancellation);
        if (old is not null && old.ProjectName != credential.ProjectName && !force)
        {
            return Problems.CredentialProjectChange.With(
                $"Project {old.ProjectName} is configured. Push targets registered with it will answer SENDER_ID_MISMATCH under project {credential.ProjectName}. "
                + "Nothing was changed. Confirm the change of the project (force) if that is what you want.");
        }

        var result = await check.RunAsync(credential, cancellation);
        if (!force && Objection(result, old) is { } objection)
        {
            Log.NotStored(logger, tenant, credential.ProjectName, objection.Problem.Code);
            return objection;
        }

        return await StoreAsync(tenant, credential, updatedBy, (old?.Version ?? 0) + 1, result, cancellation);
    }

    /// <summary>Checks the credentials in force and records the result (A8).</summary>
    public async Task<Answer<CheckResult>> TestAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (await store.FindAsync(tenant, StoredCredential.DefaultApp, cancellation) is not { } stored)
            return Problems.CredentialMissing.With("Store Firebase credentials first.");
        var opened = seal.Open(stored);
        if (opened.Fault is { } fault) return fault;
        var result = await check.RunAsync(opened.Value, cancellation);
        var status = result is CheckResult.Undecided ? stored.Status : StatusAfter(result);
        if (!await store.RecordCheckAsync(tenant, stored.App, stored.Version, status, result.At(clock.Now()), cancellation)) return Conflict();
        Log.Tested(logger, tenant, stored.ProjectName, stored.Version, result.GetType().Name);
        // Only good news is acted upon: an access token from before still serves while the token endpoint is away.
        if (result is CheckResult.Passed) credentials.Invalidate(tenant);
        return result;
    }

    /// <summary>What may be shown of the credentials in force.</summary>
    public async Task<CredentialView> GetAsync(TenantId tenant, CancellationToken cancellation) =>
        await store.FindAsync(tenant, StoredCredential.DefaultApp, cancellation) is { } stored ? CredentialView.Of(stored) : CredentialView.None;

    /// <summary>Why this tenant's pushes wait, for <c>/readyz</c> and pages, or null. Sends nothing.</summary>
    public async Task<string?> StatusAsync(TenantId tenant, CancellationToken cancellation) => await credentials.GetAsync(tenant, cancellation) switch
    {
        OpenAnswer.Ready ready => ready.Opened.Waiting,
        OpenAnswer.Blocked { Outcome: Delivery.SendOutcome.CredentialFault fault } => fault.Remedy,
        OpenAnswer.Blocked => "The credentials cannot be read from the database at present.",
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    private Fault? Objection(CheckResult result, StoredCredential? old) => result switch
    {
        CheckResult.Refused refused => Problems.CredentialRefused.With($"{refused.Remedy} Nothing was changed."),
        CheckResult.Undecided undecided when old is not null && MayWork(old) => Problems.CredentialUndecided.With(
            $"{undecided.Remedy} The new credentials are not active, the stored ones stay in force. Try again, or store the new ones unchecked (force)."),
        _ => null,
    };

    private bool MayWork(StoredCredential old) => old.Status != CredentialStatus.Refused && seal.Open(old).Fault is null;

    private async Task<Answer<CredentialView>> StoreAsync(
        TenantId tenant, FirebaseCredential credential, string updatedBy, int version, CheckResult result, CancellationToken cancellation)
    {
        var record = seal.Seal(tenant, StoredCredential.DefaultApp, version, credential);
        if (record.Fault is { } fault) return fault;
        var now = clock.Now();
        var stored = new StoredCredential
        {
            Tenant = tenant,
            Version = version,
            ProjectName = credential.ProjectName,
            Sealed = record.Value,
            ClientEmailMask = credential.ClientEmailMask,
            PrivateKeyMask = credential.PrivateKeyMask,
            UpdatedAt = now,
            UpdatedBy = updatedBy,
            Status = StatusAfter(result),
            LastCheck = result.At(now),
        };
        if (!await store.SaveAsync(stored, cancellation)) return Conflict();
        Log.Stored(logger, tenant, stored.ProjectName, version, stored.Status);
        credentials.Invalidate(tenant);
        return CredentialView.Of(stored);
    }

    private static CredentialStatus StatusAfter(CheckResult result) => result switch
    {
        CheckResult.Passed => CredentialStatus.Verified,
        CheckResult.Refused => CredentialStatus.Refused,
        _ => CredentialStatus.Unverified,
    };

    private static Fault Conflict() => Problems.CredentialConflict.With("Somebody else stored credentials in the meantime. Look at them and try again.");

    private static partial class Log
    {
        [LoggerMessage(3030, LogLevel.Information, "Tenant {Tenant}: credentials for project {Project} stored as version {Version}, {Status}")]
        public static partial void Stored(ILogger logger, TenantId tenant, string project, int version, CredentialStatus status);

        [LoggerMessage(3031, LogLevel.Warning, "Tenant {Tenant}: new credentials for project {Project} not stored: {Code}")]
        public static partial void NotStored(ILogger logger, TenantId tenant, string project, string code);

        [LoggerMessage(3032, LogLevel.Information, "Tenant {Tenant}: credentials for project {Project}, version {Version}, tested: {Result}")]
        public static partial void Tested(ILogger logger, TenantId tenant, string project, int version, string result);
    }
}
