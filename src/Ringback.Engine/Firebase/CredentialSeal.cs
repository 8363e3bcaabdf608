using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ringback.Engine.Firebase;

/// <summary>
/// Seals credentials for the database: AES-256-GCM with a fresh data key per record, which the master key wraps. Both layers are bound to tenant, app and
/// version, so a row copied elsewhere does not open. Changing the master key means wrapping the data key anew; the payload stays.
/// </summary>
/// <remarks>
/// Format 1: format (1) · fingerprint of the master key (8) · nonce (12), tag (16), wrapped data key (32) · nonce (12), tag (16), payload. Nonces are random: each key
/// seals so few records that the limit of 2³² (NIST SP 800-38D, 8.3) is out of reach.
/// </remarks>
/// <param name="masterKey">The key that seals, or why there is none.</param>
/// <param name="others">
/// Keys that open besides it: while the master key is changed, some records need the old one and some the next, whenever the change was broken off.
/// </param>
public sealed class CredentialSeal(Answer<MasterKey> masterKey, IReadOnlyList<MasterKey>? others = null)
{
    private const byte Format = 1;
    private const int PrintSize = 8, NonceSize = 12, TagSize = 16;
    private const int WrapAt = 1 + PrintSize;
    private const int PayloadAt = WrapAt + NonceSize + TagSize + MasterKey.Size;
    private const int Smallest = PayloadAt + NonceSize + TagSize;

    /// <summary>Why nothing can be sealed or opened at all, or null.</summary>
    public Fault? Fault => masterKey.Fault;

    /// <summary>Which master key seals, or null where there is none.</summary>
    public string? KeyFingerprint => masterKey.Fault is null ? masterKey.Value.Fingerprint : null;

    /// <summary>Seals a credential for the row that these three name.</summary>
    public Answer<byte[]> Seal(TenantId tenant, string app, int version, FirebaseCredential credential)
    {
        var payload = Write(credential);
        try
        {
            return SealBytes(payload, Bind(tenant, app, version));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(payload);
        }
    }

    /// <summary>Seals a text of the installation itself, bound to what it is for.</summary>
    public Answer<byte[]> SealText(string purpose, string text) => SealBytes(Encoding.UTF8.GetBytes(text), BindPurpose(purpose));

    /// <summary>Opens what <see cref="SealText"/> sealed for the same purpose.</summary>
    public Answer<string> OpenText(string purpose, byte[] record)
    {
        var opened = OpenBytes(record, BindPurpose(purpose));
        return opened.Fault is { } fault ? fault : Encoding.UTF8.GetString(opened.Value);
    }

    /// <summary>Opens a stored credential. A wrong key, a tampered row and a row of another tenant are faults, never exceptions.</summary>
    public Answer<FirebaseCredential> Open(StoredCredential stored)
    {
        var opened = OpenBytes(stored.Sealed, Bind(stored.Tenant, stored.App, stored.Version));
        if (opened.Fault is { } fault) return fault;
        try
        {
            return Read(opened.Value) is { } credential && credential.ProjectName == stored.ProjectName ? credential : Damaged();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(opened.Value);
        }
    }

    /// <summary>The same record under another master key: the data key is wrapped anew, the payload stays as it is. A record that has that key already comes back as it is.</summary>
    /// <param name="tenant">Whose credentials.</param>
    /// <param name="app">Name of the app.</param>
    /// <param name="version">Their version.</param>
    /// <param name="record">What was sealed for these three.</param>
    /// <param name="to">The key that is needed from now on.</param>
    public Answer<byte[]> Rewrap(TenantId tenant, string app, int version, byte[] record, MasterKey to) => Rewrap(record, Bind(tenant, app, version), to);

    /// <summary>The same for what <see cref="SealText"/> sealed.</summary>
    public Answer<byte[]> RewrapText(string purpose, byte[] record, MasterKey to) => Rewrap(record, BindPurpose(purpose), to);

    private Answer<byte[]> Rewrap(byte[] record, byte[] bound, MasterKey to)
    {
        if (masterKey.Fault is { } fault) return fault;
        if (record.Length < Smallest || record[0] != Format) return Damaged();
        if (record.AsSpan(1, PrintSize).SequenceEqual(to.Print)) return record;
        if (KeyOf(record) is not { } key) return WrongKey(record);
        var dataKey = new byte[MasterKey.Size];
        try
        {
            using (var from = key.Cipher()) Decrypt(from, record.AsSpan(WrapAt, PayloadAt - WrapAt), dataKey, bound);
            var anew = record.ToArray();
            to.Print.CopyTo(anew, 1);
            using (var outer = to.Cipher()) Encrypt(outer, dataKey, anew.AsSpan(WrapAt, PayloadAt - WrapAt), bound);
            return anew;
        }
        catch (AuthenticationTagMismatchException)
        {
            return Damaged();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    /// <summary>The key that the record names, if it is one of ours.</summary>
    private MasterKey? KeyOf(ReadOnlySpan<byte> record)
    {
        var print = record.Slice(1, PrintSize);
        if (print.SequenceEqual(masterKey.Value.Print)) return masterKey.Value;
        foreach (var other in others ?? [])
        {
            if (print.SequenceEqual(other.Print)) return other;
        }
        return null;
    }

    private Fault WrongKey(ReadOnlySpan<byte> record) => Problems.CredentialSealed.With(
        $"The stored credentials need the master key {Convert.ToHexStringLower(record.Slice(1, PrintSize))}, this node has {masterKey.Value.Fingerprint}. "
        + "Restore that master key, or store the credentials again.");

    private Answer<byte[]> SealBytes(byte[] payload, byte[] bound)
    {
        if (masterKey.Fault is { } fault) return fault;
        var dataKey = RandomNumberGenerator.GetBytes(MasterKey.Size);
        try
        {
            var record = new byte[Smallest + payload.Length];
            record[0] = Format;
            masterKey.Value.Print.CopyTo(record, 1);
            using (var outer = masterKey.Value.Cipher()) Encrypt(outer, dataKey, record.AsSpan(WrapAt, PayloadAt - WrapAt), bound);
            using (var inner = new AesGcm(dataKey, TagSize)) Encrypt(inner, payload, record.AsSpan(PayloadAt), bound);
            return record;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private Answer<byte[]> OpenBytes(ReadOnlySpan<byte> record, byte[] bound)
    {
        if (masterKey.Fault is { } fault) return fault;
        if (record.Length < Smallest || record[0] != Format) return Damaged();
        if (KeyOf(record) is not { } key) return WrongKey(record);
        var dataKey = new byte[MasterKey.Size];
        var payload = new byte[record.Length - Smallest];
        try
        {
            using (var outer = key.Cipher()) Decrypt(outer, record[WrapAt..PayloadAt], dataKey, bound);
            using (var inner = new AesGcm(dataKey, TagSize)) Decrypt(inner, record[PayloadAt..], payload, bound);
            return payload;
        }
        catch (AuthenticationTagMismatchException)
        {
            return Damaged();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(dataKey);
        }
    }

    private static Fault Damaged() =>
        Problems.CredentialSealed.With("The stored credentials were altered or belong to another row. Restore the database, or store the credentials again.");

    private static byte[] Bind(TenantId tenant, string app, int version)
    {
        var name = Encoding.UTF8.GetBytes(app);
        var bound = new byte[8 + name.Length]; // The fixed fields come first, so no two triples give the same bytes.
        BinaryPrimitives.WriteInt32BigEndian(bound, tenant.Value);
        BinaryPrimitives.WriteInt32BigEndian(bound.AsSpan(4), version);
        name.CopyTo(bound, 8);
        return bound;
    }

    /// <summary>A tenant of 0 exists nowhere, so no credential is ever bound like this.</summary>
    private static byte[] BindPurpose(string purpose) => Bind(new TenantId(0), purpose, 0);

    private static void Encrypt(AesGcm cipher, ReadOnlySpan<byte> plain, Span<byte> box, byte[] bound)
    {
        RandomNumberGenerator.Fill(box[..NonceSize]);
        cipher.Encrypt(box[..NonceSize], plain, box[(NonceSize + TagSize)..], box.Slice(NonceSize, TagSize), bound);
    }

    private static void Decrypt(AesGcm cipher, ReadOnlySpan<byte> box, Span<byte> plain, byte[] bound) =>
        cipher.Decrypt(box[..NonceSize], box[(NonceSize + TagSize)..], box.Slice(NonceSize, TagSize), plain, bound);

    private static byte[] Write(FirebaseCredential credential)
    {
        var buffer = new ArrayBufferWriter<byte>(8 * 1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("project", credential.ProjectName);
            writer.WriteString("email", credential.ClientEmail.Reveal());
            writer.WriteString("key", credential.PrivateKey.Reveal());
            writer.WriteEndObject();
        }

        var payload = buffer.WrittenSpan.ToArray();
        buffer.Clear();
        return payload;
    }

    private static FirebaseCredential? Read(byte[] payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            return new FirebaseCredential(
                root.GetProperty("project").GetString()!, new Secret(root.GetProperty("email").GetString()!), new Secret(root.GetProperty("key").GetString()!));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}
