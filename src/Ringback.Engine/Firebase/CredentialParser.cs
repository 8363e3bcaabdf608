using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Firebase;

/// <summary>
/// Turns what a person pastes or drops into a <see cref="FirebaseCredential"/>, or says which field is wrong and what to do. Never echoes a value:
/// a key in the wrong field would otherwise travel back in the answer.
/// </summary>
public sealed partial class CredentialParser(IOptions<FirebaseOptions> options)
{
    private const int MaxProjectLength = 64;
    private const int MaxEmailLength = 320; // RFC 3696: 64 of the local part, the @, 255 of the domain.
    private const int MaxKeyBytes = 16 * 1024;

    // Files of all ages: the host moved twice, and none of these addresses is ever called.
    private static readonly string[] googleHosts = ["oauth2.googleapis.com", "accounts.google.com", "www.googleapis.com"];

    /// <summary>Reads the three fields of the page. The private key may also be the whole service-account JSON.</summary>
    public Answer<FirebaseCredential> Parse(string? projectName, string? clientEmail, string? privateKey)
    {
        var pasted = (privateKey ?? "").Trim();
        if (Encoding.UTF8.GetByteCount(pasted) > MaxKeyBytes) return Invalid("privateKey is larger than 16 KiB; paste the value of private_key alone.");
        if (IsWebApp(pasted)) return WebApp("privateKey");
        if (!pasted.StartsWith('{')) return Build(projectName, clientEmail, pasted, "projectName", "clientEmail", "privateKey");

        JsonDocument file;
        try
        {
            file = JsonDocument.Parse(pasted);
        }
        catch (JsonException)
        {
            return Invalid("privateKey begins like the service-account JSON file but is no valid JSON; paste the whole file or only the value of private_key.");
        }

        using (file)
        {
            var parsed = ParseServiceAccount(file.RootElement);
            if (parsed.Fault is not null) return parsed;
            if (Differs(projectName, parsed.Value.ProjectName))
                return Invalid("projectName differs from project_id of the file pasted as privateKey; clear projectName or correct it.");
            if (Differs(clientEmail, parsed.Value.ClientEmail.Reveal()))
                return Invalid("clientEmail differs from client_email of the file pasted as privateKey; clear clientEmail or correct it.");
            return parsed;
        }
    }

    /// <summary>Reads the service-account JSON file that Firebase hands out.</summary>
    public Answer<FirebaseCredential> ParseServiceAccount(JsonElement file)
    {
        if (file.ValueKind != JsonValueKind.Object) return Invalid("serviceAccount must be the JSON object of the file that Firebase hands out.");
        if (IsWebApp(file.GetRawText())) return WebApp("serviceAccount");
        foreach (var name in (string[])["type", "project_id", "client_email", "private_key", "token_uri"])
        {
            if (file.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.String)
                return Invalid($"serviceAccount.{name} must be a string; use the file as Firebase handed it out.");
        }

        if (Text(file, "type") != "service_account")
            return Invalid("serviceAccount.type must be service_account; generate the file in the Firebase console under Project settings > Service accounts.");
        if (Text(file, "token_uri") is { } tokenUri && !IsKnownTokenEndpoint(tokenUri))
            return Invalid("serviceAccount.token_uri is neither Google's address nor the configured token endpoint; use the file as Firebase handed it out.");
        var key = Text(file, "private_key") ?? "";
        if (Encoding.UTF8.GetByteCount(key) > MaxKeyBytes) return Invalid("serviceAccount.private_key is larger than 16 KiB; use the file as Firebase handed it out.");
        return Build(Text(file, "project_id"), Text(file, "client_email"), key, "serviceAccount.project_id", "serviceAccount.client_email", "serviceAccount.private_key");
    }

    private static Answer<FirebaseCredential> Build(string? project, string? email, string key, string projectField, string emailField, string keyField)
    {
        project = project?.Trim() ?? "";
        email = email?.Trim() ?? "";
        if (project.Length == 0) return Invalid($"{projectField} is missing; it is the project ID under Project settings > General in the Firebase console.");
        if (project.Length > MaxProjectLength) return Invalid($"{projectField} is longer than {MaxProjectLength} characters; give the project ID, not its display name.");
        if (project.All(char.IsAsciiDigit)) return Invalid($"{projectField} is a number; give the project ID, not the project number (the sender ID).");
        if (!ProjectId().IsMatch(project))
            return Invalid($"{projectField} must consist of lower-case letters, digits and hyphens and begin with a letter; copy the project ID from the Firebase console.");
        if (email.Length == 0) return Invalid($"{emailField} is missing; it is the value of client_email in the service-account file.");
        if (email.Length > MaxEmailLength) return Invalid($"{emailField} is longer than {MaxEmailLength} characters; copy the value of client_email from the service-account file.");
        if (!Email().IsMatch(email)) return Invalid($"{emailField} is no e-mail address; copy the value of client_email from the service-account file.");
        var pem = PrivateKeyText.Canonical(key, keyField);
        return pem.Fault is { } fault ? fault : new FirebaseCredential(project, new Secret(email), pem.Value);
    }

    private bool IsKnownTokenEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri == options.Value.TokenEndpoint
            || (uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort && uri.UserInfo.Length == 0 && googleHosts.Contains(uri.Host)));

    private static bool Differs(string? given, string inFile) => !string.IsNullOrWhiteSpace(given) && given.Trim() != inFile;

    private static string? Text(JsonElement file, string name) => file.TryGetProperty(name, out var value) ? value.GetString() : null;

    /// <summary>The other thing that the console hands out to paste: public values, and no key among them.</summary>
    private static bool IsWebApp(string text) => !text.Contains("PRIVATE KEY", StringComparison.Ordinal) && FirebaseConfigSnippet.Read(text) is not null;

    private static Fault WebApp(string field) => Invalid(
        $"{field} is the web app's configuration (firebaseConfig); the service account's JSON file is needed (Project settings > Service accounts > Generate new private key).");

    private static Fault Invalid(string detail) => Problems.CredentialInvalid.With(detail);

    // Google's rule is 6 to 30 characters; shorter and longer ones are taken for emulators, and "domain.tld:" before old domain-scoped projects.
    [GeneratedRegex(@"^(?:[a-z0-9][a-z0-9.-]*:)?[a-z](?:[a-z0-9-]*[a-z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProjectId();

    [GeneratedRegex(@"^[!-?A-~]+@[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Email();
}
