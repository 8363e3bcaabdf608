using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>Keys made for this run alone, and credentials with a marker in every secret.</summary>
internal static class TestKeys
{
    public const string Project = "fcm-client-11959";
    public const string Email = "marked-secret-email@fcm-client-11959.iam.gserviceaccount.com";

    public static RSA Key { get; } = RSA.Create(2048);

    public static string Pem { get; } = Key.ExportPkcs8PrivateKeyPem();

    public static CredentialParser Parser { get; } = new(Options.Create(new FirebaseOptions { TokenEndpoint = new Uri("http://127.0.0.1:9099/token") }));

    public static FirebaseCredential Credential { get; } = Parser.Parse(Project, Email, Pem).Value;

    /// <summary>A piece from the middle of the key: where it turns up, the key has leaked.</summary>
    public static string KeyMarker { get; } = Pem.Split('\n')[5];

    public static JsonElement ServiceAccount(Action<Dictionary<string, object?>>? change = null)
    {
        var file = new Dictionary<string, object?>
        {
            ["type"] = "service_account",
            ["project_id"] = Project,
            ["private_key_id"] = "0f",
            ["private_key"] = Pem,
            ["client_email"] = Email,
            ["token_uri"] = "https://oauth2.googleapis.com/token",
        };
        change?.Invoke(file);
        return JsonSerializer.SerializeToElement(file);
    }

    public static StoredCredential Stored(CredentialSeal seal, int tenant = 1, int version = 1, string app = CredentialKey.DefaultApp) => new()
    {
        Tenant = new TenantId(tenant),
        App = app,
        Version = version,
        ProjectName = Project,
        Sealed = seal.Seal(new TenantId(tenant), app, version, Credential).Value,
        ClientEmailMask = Credential.ClientEmailMask,
        PrivateKeyMask = Credential.PrivateKeyMask,
        UpdatedAt = DateTimeOffset.UnixEpoch,
        UpdatedBy = "test",
        Status = CredentialStatus.Verified,
    };

    public static MasterKey MasterKey(byte fill) => Engine.Firebase.MasterKey.FromBase64(Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray())).Value;
}
