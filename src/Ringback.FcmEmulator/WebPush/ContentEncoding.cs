using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ringback.FcmEmulator.WebPush;

/// <summary>The content encoding <c>aes128gcm</c> of RFC 8188, one record a body, which is what push services carry.</summary>
internal static class ContentEncoding
{
    public const int SaltBytes = 16;
    private const int KeyBytes = 16;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    /// <summary>RFC 8188, section 2: after the last record's content comes this byte, then padding of which there is none here.</summary>
    private const byte LastRecord = 2;

    /// <summary>What RFC 8291, section 4, recommends: a record then never needs a second one below the limit of push services.</summary>
    private const int RecordBytes = 4096;

    /// <exception cref="ArgumentException">The content does not fit into one record.</exception>
    public static byte[] Encrypt(ReadOnlySpan<byte> content, ReadOnlySpan<byte> inputKey, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> keyId)
    {
        if (content.Length + 1 + TagBytes > RecordBytes)
        {
            throw new ArgumentException($"The content must have at most {RecordBytes - 1 - TagBytes} bytes.", nameof(content));
        }
        var header = SaltBytes + sizeof(uint) + 1 + keyId.Length;
        var body = new byte[header + content.Length + 1 + TagBytes];
        salt.CopyTo(body);
        BinaryPrimitives.WriteUInt32BigEndian(body.AsSpan(SaltBytes), RecordBytes);
        body[SaltBytes + sizeof(uint)] = (byte)keyId.Length;
        keyId.CopyTo(body.AsSpan(SaltBytes + sizeof(uint) + 1));

        // Section 2.2 and 2.3; the nonce of the first record is the derived one as it is, since its sequence number is 0.
        Span<byte> key = stackalloc byte[KeyBytes];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, inputKey, key, salt, "Content-Encoding: aes128gcm\0"u8);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, inputKey, nonce, salt, "Content-Encoding: nonce\0"u8);

        Span<byte> record = new byte[content.Length + 1];
        content.CopyTo(record);
        record[^1] = LastRecord;
        using var gcm = new AesGcm(key, TagBytes);
        gcm.Encrypt(nonce, record, body.AsSpan(header, record.Length), body.AsSpan(header + record.Length, TagBytes));
        return body;
    }
}
