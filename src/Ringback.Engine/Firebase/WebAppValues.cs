using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Ringback.Engine.Firebase;

/// <summary>
/// What a browser needs to know of a Firebase web app; all of it is public. The App ID looks like <c>1:NUMBER:web:HEX</c>, and the number is the Sender ID.
/// </summary>
/// <param name="AppId">App ID of the web app.</param>
/// <param name="ApiKey">Public API key.</param>
/// <param name="SenderId">Sender ID, which is the project's number.</param>
/// <param name="VapidKey">Public key of the web push certificate, base64url of 65 bytes; empty for Firebase's own.</param>
public sealed partial record WebAppValues(string AppId, string ApiKey, string SenderId, string VapidKey)
{
    /// <summary>No value of any field is longer.</summary>
    public const int MaxLength = 200;

    private const int KeyBytes = 65; // An uncompressed point of P-256: 0x04, x, y.

    /// <summary>Without the white space that pasting brings along.</summary>
    public WebAppValues Trim() => new(AppId.Trim(), ApiKey.Trim(), SenderId.Trim(), VapidKey.Trim());

    /// <summary>The first field that cannot be right, or null. It judges the form only; whether the values exist Firebase alone knows.</summary>
    public TestFault? Check() => CheckAppId() ?? CheckApiKey() ?? CheckSenderId() ?? CheckVapidKey();

    /// <summary>The fault of the App ID.</summary>
    public TestFault? CheckAppId()
    {
        if (AppId.Length == 0) return Fields("app_id_missing", "The App ID is missing.", WhereValuesAre);
        if (AppForm().Match(AppId) is { Success: true } form)
        {
            var platform = form.Groups["platform"].Value;
            if (platform == "web" && HexForm().IsMatch(form.Groups["id"].Value)) return null;
            if (platform is "android" or "ios")
            {
                return Fields(
                    platform == "ios" ? "app_id_ios" : "app_id_android",
                    $"This is the App ID of an {(platform == "ios" ? "Apple" : "Android")} app. A browser needs the one of a web app, which has :web: in the middle.",
                    "In the Firebase console, open Project settings > General > Your apps and pick the web app (</>). If there is none, add one: it takes a minute and changes nothing for the other apps.");
            }
        }
        return Fields("app_id_form", "The App ID of a web app looks like 1:123456789012:web:0a1b2c3d4e5f.", WhereValuesAre);
    }

    /// <summary>The fault of the API key.</summary>
    public TestFault? CheckApiKey() =>
        ApiKey.Length == 0 ? Fields("api_key_missing", "The public API key is missing.", WhereValuesAre)
        : ApiKeyForm().IsMatch(ApiKey) ? null
        : ApiKey.Contains(":APA91", StringComparison.Ordinal) ? Fields("api_key_server", "This is a server key of the old FCM API, not the public API key.", WhereValuesAre)
        : Fields("api_key_form", "An API key has 39 characters and begins with AIza.", WhereValuesAre);

    /// <summary>The fault of the Sender ID, by itself and beside the App ID.</summary>
    public TestFault? CheckSenderId() =>
        SenderId.Length == 0 ? Fields("sender_id_missing", "The Sender ID is missing.", WhereValuesAre)
        : !NumberForm().IsMatch(SenderId) ? Fields("sender_id_form", "A Sender ID is a number, such as 123456789012.", WhereValuesAre)
        : AppForm().Match(AppId) is { Success: true } form && form.Groups["number"].Value != SenderId
            ? Fields("sender_id_mismatch", "The Sender ID is not the number in the App ID, so the two belong to different projects.", WhereValuesAre)
        : null;

    /// <summary>The fault of the web push key, which may be left out.</summary>
    public TestFault? CheckVapidKey()
    {
        if (VapidKey.Length == 0) return null;
        const string where = "Copy the key pair of Project settings > Cloud Messaging > Web Push certificates in the Firebase console, or leave the field empty.";
        if (VapidKey.Length > MaxLength || !Base64Url.IsValid(VapidKey.TrimEnd('='), out var bytes)) return Fields("vapid_form", "The web push key is not base64url text.", where);
        if (bytes == 32) return Fields("vapid_private", "This is the private half of a web push key. It belongs nowhere but on a server; the test needs the public one, which has 87 characters.", where);
        return bytes == KeyBytes && IsPoint(Base64Url.DecodeFromChars(VapidKey.TrimEnd('=')))
            ? null
            : Fields("vapid_form", "The web push key is no public key of the curve P-256, which has 65 bytes (87 characters).", where);
    }

    private const string WhereValuesAre =
        "Compare App ID, API key and Sender ID with the Firebase console: Project settings > General > Your apps (the web app) and Project settings > Cloud Messaging. Then review the fields and retry.";

    private static bool IsPoint(byte[] key)
    {
        if (key[0] != 4) return false;
        try
        {
            using var imported = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = key[1..33], Y = key[33..] } });
            return true;
        }
        catch (CryptographicException)
        {
            return false; // Not on the curve.
        }
    }

    private static TestFault Fields(string code, string reason, string remedy) => new($"fields.{code}", reason, remedy);

    [GeneratedRegex(@"^1:(?<number>[0-9]{1,20}):(?<platform>[a-z]+):(?<id>[0-9A-Za-z]{1,100})\z", RegexOptions.CultureInvariant)]
    private static partial Regex AppForm();

    [GeneratedRegex(@"^[0-9a-f]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex HexForm();

    [GeneratedRegex(@"^AIza[0-9A-Za-z_-]{35}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ApiKeyForm();

    [GeneratedRegex(@"^[0-9]{1,20}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NumberForm();
}
