using CsCheck;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Storage.Firebase;

namespace Ringback.Storage.Tests.Firebase;

/// <summary>The promises of <see cref="ICredentialStore"/>.</summary>
public abstract class CredentialStoreSuite : StoreSuite
{
    private const string App = CredentialKey.DefaultApp;

    private static readonly Gen<DateTimeOffset> instants = Gen.Long[0, 4_102_444_800_000_000].Select(Clock.FromMicroseconds);
    private static readonly Gen<string> texts = Gen.Char.Where(c => !char.IsSurrogate(c) && c != '\0').Array[0, 40].Select(c => new string(c));
    private static readonly Gen<string?> maybeTexts = Gen.Select(Gen.Bool, texts, (there, text) => there ? text : null);

    private static readonly Gen<LastCheck?> checks = Gen.Select(
        Gen.Bool, instants, Gen.Enum<CheckVerdict>(), texts, maybeTexts, (there, at, result, detail, code) => there ? new LastCheck(at, result, detail) { Code = code } : null);

    private static readonly Gen<StoredCredential> credentials = Gen.Select(
        Gen.Select(texts, texts, texts, texts, texts), Gen.Byte.Array[0, 200], Gen.Select(instants, instants, Gen.Bool), Gen.Enum<CredentialStatus>(), checks, Gen.Bool,
        (text, bytes, at, status, check, forced) => new StoredCredential
        {
            Tenant = Site.Tenant,
            Version = 1,
            ProjectName = text.Item1,
            Sealed = bytes,
            ClientEmailMask = text.Item2,
            PrivateKeyMask = text.Item3,
            Fingerprint = text.Item4,
            UpdatedBy = text.Item5,
            UpdatedAt = at.Item1,
            KeptUntil = at.Item3 ? at.Item2 : null,
            Status = status,
            LastCheck = check,
            IsForced = forced,
        });

    private static readonly Gen<CredentialEvent> events = Gen.Select(
        Gen.Select(texts, texts, texts), instants, Gen.Enum<CredentialAction>(), Gen.Int[0, 9], Gen.Select(Gen.Bool, Gen.Enum<CheckVerdict>()), Gen.Select(maybeTexts, maybeTexts),
        (text, at, action, version, result, more) =>
            new CredentialEvent(at, text.Item1, action, version, text.Item2, text.Item3, result.Item1 ? result.Item2 : null, more.Item1, more.Item2));

    private CredentialStore Store => new CredentialStore(Site.Database);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_version_comes_out_of_its_slot_as_it_went_in() => await Gen.Select(credentials, credentials, credentials).SampleAsync(
        async (current, next, previous) =>
        {
            var before = await Store.FindSetAsync(Site.Tenant, App, Cancellation);
            var n = before.LastVersion;
            var after = new CredentialSet(current with { Version = n + 1 }, next with { Version = n + 2 }, previous with { Version = n + 3 }, n + 3);
            Assert.True(await Store.ChangeAsync(Site.Tenant, App, before, after, [], Cancellation));
            var read = await Store.FindSetAsync(Site.Tenant, App, Cancellation);
            return Same(after.Current!, read.Current!) && Same(after.Next!, read.Next!) && Same(after.Previous!, read.Previous!)
                && read.LastVersion == n + 3 && Same(after.Current!, (await Store.FindAsync(Site.Tenant, App, Cancellation))!);
        },
        iter: 60, threads: 1);

    [Fact]
    public async Task Every_entry_of_the_history_comes_out_as_it_went_in() => await events.SampleAsync(
        async happened =>
        {
            await Store.AddEventAsync(Site.Tenant, App, happened, Cancellation);
            var read = (await Store.HistoryAsync(Site.Tenant, App, null, 1, Cancellation))[0];
            return read with { Number = 0 } == happened;
        },
        iter: 60, threads: 1);

    [Fact]
    public async Task A_change_of_versions_that_are_no_longer_kept_changes_nothing()
    {
        var first = new CredentialSet(Credential(1), null, null, 1);
        Assert.True(await Store.ChangeAsync(Site.Tenant, App, CredentialSet.None, first, [Happened(1)], Cancellation));
        Assert.False(await Store.ChangeAsync(Site.Tenant, App, CredentialSet.None, new CredentialSet(Credential(9), null, null, 9), [Happened(9)], Cancellation));
        Assert.False(await Store.ChangeAsync(Site.Tenant, App, first with { Next = Credential(2) }, new CredentialSet(Credential(9), null, null, 9), [Happened(9)], Cancellation));
        Assert.Equal((1, 1), ((await Store.FindAsync(Site.Tenant, App, Cancellation))!.Version, (await Store.HistoryAsync(Site.Tenant, App, null, 9, Cancellation)).Count));
        Assert.Null((await Store.FindSetAsync(Site.OtherTenant, App, Cancellation)).Current);
        Assert.Null((await Store.FindSetAsync(Site.Tenant, "other", Cancellation)).Current);
    }

    [Fact]
    public async Task Of_many_who_change_at_once_one_succeeds_and_no_entry_is_lost()
    {
        var won = await Task.WhenAll(Enumerable.Range(1, 8).Select(n =>
            Store.ChangeAsync(Site.Tenant, App, CredentialSet.None, new CredentialSet(Credential(n), null, null, n), [Happened(n)], Cancellation)));
        Assert.Single(won, ok => ok);
        await Task.WhenAll(Enumerable.Range(1, 8).Select(n => Store.AddEventAsync(Site.Tenant, App, Happened(0), Cancellation)));
        Assert.Equal([9, 8, 7, 6, 5, 4, 3, 2, 1], (await Store.HistoryAsync(Site.Tenant, App, null, 99, Cancellation)).Select(e => e.Number));
        Assert.Equal([2, 1], (await Store.HistoryAsync(Site.Tenant, App, 3, 99, Cancellation)).Select(e => e.Number));
    }

    [Fact]
    public async Task A_check_is_recorded_with_its_version_in_whatever_slot_and_with_no_other()
    {
        await Store.ChangeAsync(Site.Tenant, App, CredentialSet.None, new CredentialSet(Credential(1), Credential(2), null, 2), [], Cancellation);
        var check = new LastCheck(Site.Now, CheckVerdict.Refused, "no") { Code = "credential.account" };
        Assert.True(await Store.RecordCheckAsync(Site.Tenant, App, 2, CredentialStatus.Refused, check, Cancellation));
        Assert.False(await Store.RecordCheckAsync(Site.Tenant, App, 3, CredentialStatus.Refused, check, Cancellation));
        Assert.False(await Store.RecordCheckAsync(Site.OtherTenant, App, 2, CredentialStatus.Refused, check, Cancellation));
        var set = await Store.FindSetAsync(Site.Tenant, App, Cancellation);
        Assert.Equal((CredentialStatus.Verified, (LastCheck?)null, CredentialStatus.Refused, check), (set.Current!.Status, set.Current.LastCheck, set.Next!.Status, set.Next.LastCheck));
    }

    [Fact]
    public async Task A_version_number_never_comes_twice_and_the_history_keeps_its_bound()
    {
        await Store.ChangeAsync(Site.Tenant, App, CredentialSet.None, new CredentialSet(Credential(7), null, null, 7), [Happened(7)], Cancellation);
        await Store.ChangeAsync(Site.Tenant, App, await Store.FindSetAsync(Site.Tenant, App, Cancellation), CredentialSet.None, [], Cancellation);
        for (var i = 0; i < CredentialStore.HistoryKept + 5; i++) await Store.AddEventAsync(Site.Tenant, App, Happened(0), Cancellation);
        Assert.Equal(7, (await Store.FindSetAsync(Site.Tenant, App, Cancellation)).LastVersion);
        Assert.Equal(CredentialStore.HistoryKept + 1, (await Store.HistoryAsync(Site.Tenant, App, null, 9_999, Cancellation)).Count);
    }

    [Fact]
    public async Task Apps_and_what_rotates_are_listed()
    {
        await Store.ChangeAsync(Site.Tenant, App, CredentialSet.None, new CredentialSet(Credential(1), null, null, 1), [], Cancellation);
        await Store.ChangeAsync(Site.Tenant, "b", CredentialSet.None, new CredentialSet(Credential(1) with { App = "b" }, null, Credential(2) with { App = "b" }, 2), [], Cancellation);
        await Store.ChangeAsync(
            Site.OtherTenant, "a", CredentialSet.None, new CredentialSet(null, Credential(1) with { Tenant = Site.OtherTenant, App = "a" }, null, 1), [], Cancellation);
        Assert.Equal(["b", App], await Store.ListAppsAsync(Site.Tenant, Cancellation));
        Assert.Equal([new(Site.OtherTenant, "a"), new(Site.Tenant, "b")], (await Store.ListRotatingAsync(Cancellation)).OrderBy(k => k.App, StringComparer.Ordinal));
    }

    private static bool Same(StoredCredential a, StoredCredential b) => a.Sealed.AsSpan().SequenceEqual(b.Sealed) && a with { Sealed = b.Sealed } == b;

    private static StoredCredential Credential(int version) => new()
    {
        Tenant = Site.Tenant,
        Version = version,
        ProjectName = "p",
        Sealed = [1],
        ClientEmailMask = "e",
        PrivateKeyMask = "k",
        UpdatedAt = DateTimeOffset.UnixEpoch,
        UpdatedBy = "u",
        Status = CredentialStatus.Verified,
    };

    private static CredentialEvent Happened(int version) => new(DateTimeOffset.UnixEpoch, "u", CredentialAction.Stored, version, "p", "f", null, null, null);
}
