using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <content>Rotation (A6): what waits takes over, what was replaced comes back or is forgotten.</content>
public sealed partial class CredentialService
{
    /// <summary>Entries that are looked through for one: as many as a store keeps.</summary>
    private const int HistoryRead = 500;

    /// <summary>Checks the version that waits. If the check passes it takes over at once; if not, it goes on waiting with the result.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="by">Who asks for it, as the history shows it.</param>
    /// <param name="cancellation">Ends the wait for the check.</param>
    public async Task<Answer<CheckResult>> CheckNextAsync(CredentialKey key, string by, CancellationToken cancellation)
    {
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        if (set.Next is not { } next) return Problems.CredentialMissing.With("No credentials wait beside those in force.");
        var opened = seal.Open(next);
        if (opened.Fault is { } unreadable) return unreadable;
        var result = await check.RunAsync(opened.Value, cancellation);
        var last = result.At(clock.Now());
        if (result is not CheckResult.Passed)
        {
            var status = result is CheckResult.Refused ? CredentialStatus.Refused : next.Status;
            return await store.RecordCheckAsync(key.Tenant, key.App, next.Version, status, last, cancellation) ? result : Conflict();
        }

        var taking = next with { Status = CredentialStatus.Verified, LastCheck = last };
        var after = RotationRules.TakeOver(set, taking, set.Current is { } current && MayWork(current), clock.Now() + previousKeptFor);
        return await ChangeAsync(key, set, after, [Event(taking, CredentialAction.TookOver, by, last)], cancellation) is { } conflict ? conflict : result;
    }

    /// <summary>Forgets the version that waits.</summary>
    public async Task<Answer<CredentialView>> DiscardNextAsync(CredentialKey key, string by, CancellationToken cancellation)
    {
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        if (set.Next is not { } next) return Problems.CredentialMissing.With("No credentials wait beside those in force.");
        var after = set with { Next = null };
        return await ChangeAsync(key, set, after, [Event(next, CredentialAction.Discarded, by)], cancellation) is { } conflict ? conflict : CredentialView.Of(after);
    }

    /// <summary>Forgets every version of an app. Its history stays. Whether a queue uses it is for the caller to see: queues are none of this slice's business.</summary>
    public async Task<Answer<CredentialView>> DeleteAsync(CredentialKey key, string by, CancellationToken cancellation)
    {
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        if ((set.Current ?? set.Next) is not { } last) return Missing;
        var after = CredentialSet.None with { LastVersion = set.LastVersion };
        return await ChangeAsync(key, set, after, [Event(last, CredentialAction.Deleted, by)], cancellation) is { } conflict ? conflict : CredentialView.None;
    }

    /// <summary>The version in force is right: the one that it replaced is forgotten.</summary>
    public async Task<Answer<CredentialView>> ConfirmAsync(CredentialKey key, string by, CancellationToken cancellation)
    {
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        if (set.Previous is null || set.Current is not { } current) return Problems.CredentialMissing.With("There is nothing to confirm: no replaced credentials are kept.");
        var after = set with { Previous = null };
        return await ChangeAsync(key, set, after, [Event(current, CredentialAction.Confirmed, by)], cancellation) is { } conflict ? conflict : CredentialView.Of(after);
    }

    /// <summary>Puts the version that was replaced back into force, if the check takes it; with <paramref name="force"/> whatever the check says.</summary>
    public async Task<Answer<CredentialView>> ReturnAsync(CredentialKey key, string by, bool force, CancellationToken cancellation)
    {
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        if (set.Previous is not { } previous) return Problems.CredentialMissing.With("No replaced credentials are kept that could come back.");
        var opened = seal.Open(previous);
        if (opened.Fault is { } unreadable) return unreadable;
        var result = await check.RunAsync(opened.Value, cancellation);
        if (!force && result is CheckResult.Refused refused) return Problems.CredentialRefused.With($"{refused.Remedy} Nothing was changed.");
        if (!force && result is CheckResult.Undecided undecided) return Problems.CredentialUndecided.With($"{undecided.Remedy} Nothing was changed.");
        var last = result.At(clock.Now());
        var returning = previous with { Status = RotationRules.StatusAfter(result), LastCheck = last };
        var after = RotationRules.Return(set with { Previous = returning }, refused: false);
        return await ChangeAsync(key, set, after, [Event(returning, CredentialAction.Returned, by, last)], cancellation) is { } conflict ? conflict : CredentialView.Of(after);
    }

    /// <summary>Who set a version aside, and when: the switch back that ended its time in force. Null where the history does not reach back that far.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="version">A version that waits with <see cref="CredentialStatus.SetAside"/>.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<CredentialEvent?> SetAsideAsync(CredentialKey key, int version, CancellationToken cancellation)
    {
        var newestFirst = await store.HistoryAsync(key.Tenant, key.App, before: null, HistoryRead, cancellation);
        return newestFirst
            .TakeWhile(e => e.Version != version || e.Action is not (CredentialAction.Stored or CredentialAction.TookOver or CredentialAction.Returned))
            .LastOrDefault(e => e.Action == CredentialAction.Returned);
    }

    /// <summary>
    /// A send was refused for its credentials. If a check agrees, and takes the version that was replaced, that one comes back by itself.
    /// </summary>
    /// <returns>Whether the question is settled; if not, ask again.</returns>
    internal async Task<bool> ReturnIfRefusedAsync(CredentialKey key, int refusedVersion, CancellationToken cancellation)
    {
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        if (set is not { Current: { IsForced: false } current, Previous: { } previous } || current.Version != refusedVersion) return true;
        var (now, before) = (seal.Open(current), seal.Open(previous));
        if (now.Fault is not null || before.Fault is not null) return true;
        var verdict = await check.RunAsync(now.Value, cancellation);
        if (verdict is CheckResult.Undecided) return false;
        if (verdict is CheckResult.Passed)
        {
            credentials.Invalidate(key); // Another send that is refused asks again.
            return true;
        }

        // One that Firebase refuses too would not be better.
        var previousVerdict = await check.RunAsync(before.Value, cancellation);
        if (previousVerdict is CheckResult.Refused) return true;
        if (previousVerdict is CheckResult.Undecided) return false;
        var (refusal, good) = (verdict.At(clock.Now()), previousVerdict.At(clock.Now()));
        var after = RotationRules.Return(set with
        {
            Current = current with { LastCheck = refusal },
            Previous = previous with { Status = CredentialStatus.Verified, LastCheck = good },
        }, refused: true);
        var happened = Event(previous, CredentialAction.Returned, CredentialEvent.Automatic, refusal) with { Detail = $"Firebase refuses version {current.Version}: {refusal.Detail}" };
        if (await ChangeAsync(key, set, after, [happened], cancellation) is not null) return false;
        Log.Returned(logger, key.Tenant, key.App, current.Version, refusal.Code ?? "");
        return true;
    }

    /// <summary>Does what is due by the clock: another check of what waits undecided, and the end of what was kept long enough.</summary>
    internal async Task TendAsync(CredentialKey key, CancellationToken cancellation)
    {
        var set = await store.FindSetAsync(key.Tenant, key.App, cancellation);
        var now = clock.Now();
        if (set.Previous is { KeptUntil: { } until } previous && until <= now)
        {
            var after = set with { Previous = null };
            if (await ChangeAsync(key, set, after, [Event(previous, CredentialAction.Expired, CredentialEvent.Automatic)], cancellation) is null) set = after;
        }
        if (set.Next is { Status: CredentialStatus.Unverified } next && RotationRules.NextCheckAt(next) <= now)
            await CheckNextAsync(key, CredentialEvent.Automatic, cancellation);
    }
}
