using CsCheck;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class CredentialSealTests
{
    private static readonly CredentialSeal seal = new(TestKeys.MasterKey(1));

    [Fact]
    public void What_was_sealed_opens_again() => Assert.Equal(TestKeys.Credential, seal.Open(TestKeys.Stored(seal)).Value);

    [Fact]
    public void A_text_opens_only_for_the_purpose_that_it_was_sealed_for()
    {
        var record = seal.SealText("key-ring", "marked-secret").Value;
        Assert.Equal("marked-secret", seal.OpenText("key-ring", record).Value);
        Assert.Equal(Problems.CredentialSealed, seal.OpenText("another", record).Fault?.Problem);
        Assert.Equal(Problems.CredentialSealed, new CredentialSeal(TestKeys.MasterKey(2)).OpenText("key-ring", record).Fault?.Problem);
        Assert.DoesNotContain("marked-secret", System.Text.Encoding.Latin1.GetString(record), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_seals_of_the_same_have_nothing_in_common()
    {
        var (a, b) = (TestKeys.Stored(seal).Sealed, TestKeys.Stored(seal).Sealed);

        Assert.Equal(a.AsSpan(0, 9), b.AsSpan(0, 9)); // Format and the fingerprint of the master key.
        Assert.True(a.Skip(9).Zip(b.Skip(9)).Count(pair => pair.First == pair.Second) < a.Length / 20);
    }

    [Fact]
    public void Nothing_secret_stands_in_the_sealed_bytes()
    {
        var text = System.Text.Encoding.Latin1.GetString(TestKeys.Stored(seal).Sealed);

        Assert.DoesNotContain("marked-secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain(TestKeys.KeyMarker, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_altered_byte_is_a_clear_fault()
    {
        var stored = TestKeys.Stored(seal);
        for (var i = 0; i < stored.Sealed.Length; i++)
        {
            var altered = (byte[])stored.Sealed.Clone();
            altered[i] ^= 0x40;
            var fault = seal.Open(stored with { Sealed = altered }).Fault;
            Assert.True(fault?.Problem == Problems.CredentialSealed, $"byte {i}");
        }
    }

    [Fact]
    public void Every_shortened_and_any_random_record_is_a_clear_fault()
    {
        var stored = TestKeys.Stored(seal);
        for (var length = 0; length < stored.Sealed.Length; length++)
            Assert.Equal(Problems.CredentialSealed, seal.Open(stored with { Sealed = stored.Sealed[..length] }).Fault?.Problem);
        Gen.Byte.Array[0, 400].Sample(bytes => seal.Open(stored with { Sealed = bytes }).Fault?.Problem == Problems.CredentialSealed, iter: 2000);
    }

    [Fact]
    public void A_row_of_another_tenant_app_version_or_project_does_not_open()
    {
        var stored = TestKeys.Stored(seal);
        StoredCredential[] moved =
        [
            stored with { Tenant = new TenantId(2) },
            stored with { App = "other" },
            stored with { Version = 2 },
            stored with { ProjectName = "other" },
        ];

        Assert.All(moved, row => Assert.Contains("altered or belong to another row", seal.Open(row).Fault!.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_master_key_is_told_by_its_fingerprint()
    {
        var other = new CredentialSeal(TestKeys.MasterKey(2));
        var fault = other.Open(TestKeys.Stored(seal)).Fault;

        Assert.Equal(Problems.CredentialSealed, fault?.Problem);
        Assert.Contains($"need the master key {TestKeys.MasterKey(1).Fingerprint}, this node has {TestKeys.MasterKey(2).Fingerprint}", fault!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_master_key_nothing_is_sealed_or_opened_and_the_reason_is_passed_on()
    {
        var none = new CredentialSeal(MasterKey.FromBase64("AAAA"));

        Assert.Contains("32 bytes in base64", none.Open(TestKeys.Stored(seal)).Fault!.Detail, StringComparison.Ordinal);
        Assert.Equal(Problems.CredentialSealed, none.Seal(new TenantId(1), "default", 1, TestKeys.Credential).Fault?.Problem);
    }
}
