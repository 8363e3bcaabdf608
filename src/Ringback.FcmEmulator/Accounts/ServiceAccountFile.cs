using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ringback.FcmEmulator.Accounts;

/// <summary>The JSON file that the Firebase console hands out for a service account: writes new ones and reads existing ones.</summary>
internal static partial class ServiceAccountFile
{
    private const int KeyBits = 2048;
    private const string EmailDomain = ".iam.gserviceaccount.com";

    /// <summary>Makes a key and the file that holds it. The file is the only place where the private key ever is.</summary>
    public static ServiceAccount Mint(string projectId, Uri tokenUri, Utf8JsonWriter file)
    {
        using var key = RSA.Create(KeyBits);
        var email = $"firebase-adminsdk-{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz0123456789", 5)}@{projectId}{EmailDomain}";
        file.WriteStartObject();
        file.WriteString("type", "service_account");
        file.WriteString("project_id", projectId);
        file.WriteString("private_key_id", RandomNumberGenerator.GetHexString(40, lowercase: true));
        file.WriteString("private_key", key.ExportPkcs8PrivateKeyPem() + "\n");
        file.WriteString("client_email", email);
        file.WriteString("client_id", "1" + RandomNumberGenerator.GetString("0123456789", 20));
        file.WriteString("auth_uri", new Uri(tokenUri, "/o/oauth2/auth").ToString());
        file.WriteString("token_uri", tokenUri.ToString());
        file.WriteString("auth_provider_x509_cert_url", "https://www.googleapis.com/oauth2/v1/certs");
        file.WriteString("client_x509_cert_url", $"https://www.googleapis.com/robot/v1/metadata/x509/{Uri.EscapeDataString(email)}");
        file.WriteString("universe_domain", "googleapis.com");
        file.WriteEndObject();
        return new ServiceAccount(projectId, email, key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Takes the public half out of a file. The problem names the field and never quotes its value.</summary>
    public static bool TryRead(JsonElement file, [NotNullWhen(true)] out ServiceAccount? account, [NotNullWhen(false)] out string? problem)
    {
        account = null;
        if (file.ValueKind != JsonValueKind.Object || Text(file, "type") != "service_account")
        {
            problem = "type is not service_account";
            return false;
        }
        if (Text(file, "project_id") is not { } projectId || !IsProjectId(projectId))
        {
            problem = "project_id is missing or not a project id";
            return false;
        }
        if (Text(file, "client_email") is not { } email || !email.Contains('@', StringComparison.Ordinal))
        {
            problem = "client_email is missing or not an e-mail address";
            return false;
        }
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(Text(file, "private_key"));
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            problem = "private_key is missing or not an RSA key in PEM";
            return false;
        }
        if (key.KeySize < KeyBits)
        {
            problem = $"private_key has fewer than {KeyBits} bits";
            return false;
        }
        account = new ServiceAccount(projectId, email, key.ExportSubjectPublicKeyInfo());
        problem = null;
        return true;
    }

    public static bool IsProjectId(string text) => ProjectId().IsMatch(text);

    /// <summary>The project in the name of a service account; null if the name is not one that Google gives.</summary>
    public static string? ProjectOf(string clientEmail)
    {
        var at = clientEmail.IndexOf('@', StringComparison.Ordinal);
        if (at < 1 || !clientEmail.EndsWith(EmailDomain, StringComparison.Ordinal) || clientEmail.Length <= at + 1 + EmailDomain.Length)
        {
            return null;
        }
        var project = clientEmail[(at + 1)..^EmailDomain.Length];
        return IsProjectId(project) ? project : null;
    }

    private static string? Text(JsonElement file, string name)
        => file.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Shorter names than Google's six characters are fine here: a demonstration is called demo.</summary>
    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,62}$", RegexOptions.CultureInvariant)]
    private static partial Regex ProjectId();
}
