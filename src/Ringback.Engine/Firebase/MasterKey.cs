using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Ringback.Engine.Firebase;

/// <summary>
/// The 256-bit key that seals what the database must not be able to give away. It lives in a file or in the configuration, never in the database.
/// </summary>
public sealed class MasterKey
{
    /// <summary>Bytes of a key.</summary>
    public const int Size = 32;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = ~(OwnerOnly | UnixFileMode.UserExecute);
    private const int MaxFileBytes = 256; // 44 characters of base64 and room for white space.

    private readonly byte[] key;

    private MasterKey(byte[] key)
    {
        this.key = key;
        Print = HMACSHA256.HashData(key, "ringback master key"u8)[..8];
    }

    /// <summary>Says which key this is without giving it away: nodes compare it, and a sealed record names the key that it needs.</summary>
    public string Fingerprint => Convert.ToHexStringLower(Print);

    internal byte[] Print { get; }

    /// <summary>The key given as 44 characters of base64, as the file holds it.</summary>
    public static Answer<MasterKey> FromBase64(string text)
    {
        var bytes = new byte[Size];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var written) && written == Size
            ? new MasterKey(bytes)
            : Problems.CredentialSealed.With($"The master key is not {Size} bytes in base64 (44 characters). Restore it from the backup.");
    }

    /// <summary>
    /// Reads the key from a file that only its owner may read, or makes the file once. Of several processes that start together one makes it and all get the same key.
    /// </summary>
    public static Answer<MasterKey> LoadOrCreate(string path)
    {
        try
        {
            if (!File.Exists(path)) Create(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, e);
        }
        return Load(path);
    }

    /// <summary>Reads the key from a file that only its owner may read.</summary>
    public static Answer<MasterKey> Load(string path)
    {
        var name = Path.GetFileName(path);
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0)
                return Problems.CredentialSealed.With($"The master key file {name} can be read or written by others than its owner. Set its mode to 0600.");
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length is 0 or > MaxFileBytes)
                return Problems.CredentialSealed.With($"The master key file {name} has the wrong length. Restore it from the backup.");
            using var reader = new StreamReader(file, Encoding.ASCII);
            var answer = FromBase64(reader.ReadToEnd());
            return answer.Fault is null
                ? answer
                : Problems.CredentialSealed.With($"The master key file {name} does not hold {Size} bytes in base64 (44 characters). Restore it from the backup.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(path, e);
        }
    }

    private static Fault Unreadable(string path, Exception e) =>
        Problems.CredentialSealed.With($"The master key file {Path.GetFileName(path)} cannot be read or made ({e.GetType().Name}). Check the folder, its owner and its mode.");

    /// <inheritdoc/>
    public override string ToString() => $"master key {Fingerprint}";

    internal AesGcm Cipher() => new(key, AesGcm.TagByteSizes.MaxSize);

    // Written and flushed under another name, then linked to its own: the file is there with its whole content or not at all.
    private static void Create(string path)
    {
        var draft = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Size)) + "\n"));
                file.Flush(flushToDisk: true);
            }

            Publish(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster; its key counts.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // File.Move looks first and renames then, so on Unix two that start together could both win; link(2) refuses the second.
    private static void Publish(string draft, string path)
    {
        if (OperatingSystem.IsWindows() || (Link(draft, path) != 0 && !File.Exists(path))) File.Move(draft, path, overwrite: false);
    }

    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
}
