using CsCheck;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class RotationRulesTests
{
    private static readonly DateTimeOffset now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    private static readonly Gen<CheckResult> results =
        Gen.OneOf<CheckResult>(new CheckResult.Passed(), new CheckResult.Refused("credential.account", "gone"), new CheckResult.Undecided("DNS", "no name"));

    [Fact]
    public void Every_verdict_follows_from_check_and_what_is_in_force()
    {
        var (passed, refused, undecided) = (new CheckResult.Passed(), new CheckResult.Refused("c", "r"), new CheckResult.Undecided("c", "r"));
        foreach (var hasWorking in (bool[])[false, true])
        {
            foreach (CheckResult result in (CheckResult[])[passed, refused, undecided])
                Assert.Equal(RotationRules.Verdict.TakesOver, RotationRules.Judge(result, hasWorking, force: true));
            Assert.Equal(RotationRules.Verdict.TakesOver, RotationRules.Judge(passed, hasWorking, force: false));
            Assert.Equal(RotationRules.Verdict.Refused, RotationRules.Judge(refused, hasWorking, force: false));
        }
        Assert.Equal(RotationRules.Verdict.Waits, RotationRules.Judge(undecided, hasWorking: true, force: false));
        Assert.Equal(RotationRules.Verdict.TakesOver, RotationRules.Judge(undecided, hasWorking: false, force: false));
    }

    /// <summary>Any sequence of unforced offers and returns, played by the rules.</summary>
    [Fact]
    public void A_refused_or_undecided_key_never_takes_the_place_of_one_that_works() =>
        Gen.Select(results, Gen.Int[0, 3]).Array[1, 30].Sample(steps =>
        {
            var set = CredentialSet.None;
            foreach (var (result, choice) in steps)
            {
                var before = set;
                var works = before.Current is { Status: not CredentialStatus.Refused };
                set = choice == 0 && set.Previous is not null ? RotationRules.Return(set, refused: result is CheckResult.Refused) : Offer(set, result, works);
                if (choice != 0 && works && result is not CheckResult.Passed && set.Current != before.Current) return false;
                if (!IsSound(set, before)) return false;
            }
            return true;
        });

    [Fact]
    public void What_is_replaced_is_kept_and_what_does_not_work_keeps_no_place()
    {
        var set = RotationRules.TakeOver(CredentialSet.None, Version(1), currentMayWork: false, now);
        set = RotationRules.TakeOver(set, Version(2), currentMayWork: true, now);
        Assert.Equal((2, 1, now), (set.Current!.Version, set.Previous!.Version, set.Previous.KeptUntil));
        set = RotationRules.TakeOver(set, Version(3), currentMayWork: false, now);
        Assert.Equal((3, 1), (set.Current!.Version, set.Previous!.Version));
        var aside = RotationRules.Return(set, refused: false);
        Assert.Equal((3, CredentialStatus.SetAside), (aside.Next!.Version, aside.Next.Status));
        aside = RotationRules.Return(set with { Current = set.Current with { Status = CredentialStatus.Refused } }, refused: false);
        Assert.Equal(CredentialStatus.Refused, aside.Next!.Status);
        set = RotationRules.Return(set, refused: true);
        Assert.Equal((1, 3, CredentialStatus.Refused, (DateTimeOffset?)null), (set.Current!.Version, set.Next!.Version, set.Next.Status, set.Current.KeptUntil));
        Assert.Null(set.Previous);
    }

    [Theory]
    [InlineData(0, 30)]
    [InlineData(60, 90)]
    [InlineData(600, 900)]
    [InlineData(86_400, 87_300)]
    public void The_pause_between_checks_grows_from_half_a_minute_to_a_quarter_of_an_hour(int lastAfter, int nextAfter)
    {
        var waiting = Version(2) with { UpdatedAt = now, LastCheck = new LastCheck(now.AddSeconds(lastAfter), CheckVerdict.Undecided, "no") };
        Assert.Equal(now.AddSeconds(nextAfter), RotationRules.NextCheckAt(waiting));
    }

    private static CredentialSet Offer(CredentialSet set, CheckResult result, bool works)
    {
        var offered = Version(set.LastVersion + 1) with { Status = RotationRules.StatusAfter(result) };
        return RotationRules.Judge(result, works, force: false) switch
        {
            RotationRules.Verdict.TakesOver => RotationRules.TakeOver(set, offered, works, now),
            RotationRules.Verdict.Waits => RotationRules.Wait(set, offered),
            _ => set,
        };
    }

    /// <summary>No version stands in two places, none is above the last one, what is in force has no end, and something that was in force stays in force.</summary>
    private static bool IsSound(CredentialSet set, CredentialSet before)
    {
        var versions = new[] { set.Current, set.Next, set.Previous }.OfType<StoredCredential>().Select(v => v.Version).ToList();
        return versions.Distinct().Count() == versions.Count && versions.All(v => v <= set.LastVersion) && set.LastVersion >= before.LastVersion
            && set.Current?.KeptUntil is null && (before.Current is null || set.Current is not null);
    }

    private static StoredCredential Version(int version) => new()
    {
        Tenant = new TenantId(1),
        Version = version,
        ProjectName = "p",
        Sealed = [],
        ClientEmailMask = "",
        PrivateKeyMask = "",
        UpdatedAt = now,
        UpdatedBy = "u",
        Status = CredentialStatus.Verified,
    };
}
