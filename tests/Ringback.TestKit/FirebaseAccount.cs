using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Ringback.TestKit;

/// <summary>A service account of Firebase with a key made for this run. Keys are costly to make, so tests share a few accounts.</summary>
public sealed class FirebaseAccount
{
    private static readonly Lazy<FirebaseAccount> first = new(() => New("fcm-client-11959"));
    private static readonly Lazy<FirebaseAccount> second = new(() => New("fcm-client-11959"));
    private static readonly Lazy<FirebaseAccount> elsewhere = new(() => New("another-project"));

    private FirebaseAccount(string project, string email, string pem) => (Project, Email, Pem) = (project, email, pem);

    /// <summary>The account that sites use unless a test says otherwise.</summary>
    public static FirebaseAccount First => first.Value;

    /// <summary>Another key and e-mail of the same project, for rotation.</summary>
    public static FirebaseAccount Second => second.Value;

    /// <summary>An account of another project.</summary>
    public static FirebaseAccount Elsewhere => elsewhere.Value;

    /// <summary>The project's id.</summary>
    public string Project { get; }

    /// <summary>The service account's e-mail.</summary>
    public string Email { get; }

    /// <summary>The private key, PKCS#8 PEM.</summary>
    public string Pem { get; }

    /// <summary>The lines between BEGIN and END: where one of them turns up, the key has leaked.</summary>
    public IReadOnlyList<string> KeyLines => [.. Pem.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1]];

    /// <summary>The first 16 hex digits of the SHA-256 of the public key: names the key and gives nothing of it away.</summary>
    public string Fingerprint
    {
        get
        {
            using var key = RSA.Create();
            key.ImportFromPem(Pem);
            return Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()))[..16];
        }
    }

    /// <summary>Makes an account with a key of its own.</summary>
    public static FirebaseAccount New(string project)
    {
        using var key = RSA.Create(2048);
        var name = $"marked-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 12)}";
        return new FirebaseAccount(project, $"{name}@{project}.iam.gserviceaccount.com", key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The same account with another key: registered at the emulator, it makes this one's key a revoked one.</summary>
    public FirebaseAccount Renewed()
    {
        using var key = RSA.Create(2048);
        return new FirebaseAccount(Project, Email, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>The file that the Firebase console hands out.</summary>
    public JsonObject File() => new()
    {
        ["type"] = "service_account",
        ["project_id"] = Project,
        ["private_key_id"] = "0123456789abcdef0123456789abcdef01234567",
        ["private_key"] = Pem + "\n",
        ["client_email"] = Email,
        ["client_id"] = "112233445566778899001",
        ["token_uri"] = "https://oauth2.googleapis.com/token",
        ["universe_domain"] = "googleapis.com",
    };
}
