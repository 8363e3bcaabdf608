using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Every way in which credentials can stand in the way of a push: one stable code and one remedy each.</summary>
public static class CredentialFaults
{
    /// <summary>The tenant has no credentials.</summary>
    public const string Missing = "credential.missing";

    /// <summary>The stored credentials cannot be opened.</summary>
    public const string Sealed = "credential.sealed";

    /// <summary>The private key cannot sign.</summary>
    public const string MalformedKey = "credential.malformed_key";

    /// <summary>Our clock and Google's differ too much.</summary>
    public const string ClockSkew = "credential.clock_skew";

    /// <summary>The service account is unknown, deleted or disabled.</summary>
    public const string Account = "credential.account";

    /// <summary>The key was revoked, or belongs to another account.</summary>
    public const string KeyRevoked = "credential.key_revoked";

    /// <summary>Google gives no access token for another reason.</summary>
    public const string TokenRefused = "credential.token_refused";

    /// <summary>Firebase does not take the access token.</summary>
    public const string AccessToken = "credential.access_token";

    /// <summary>The FCM API is off in the project.</summary>
    public const string ApiDisabled = "credential.api_disabled";

    /// <summary>The service account lacks the role.</summary>
    public const string RoleMissing = "credential.role_missing";

    /// <summary>There is no such project.</summary>
    public const string WrongProject = "credential.wrong_project";

    internal static SendOutcome.CredentialFault NotConfigured(string app) =>
        new(Missing, app == CredentialKey.DefaultApp
            ? "No Firebase credentials are configured. Store project name, client email and private key of a service account."
            : $"No Firebase credentials are configured for the app {app}. Store them, or choose another app in the queue's setting firebaseApp.");

    internal static SendOutcome.CredentialFault CannotOpen(Fault fault) => new(Sealed, fault.Detail);

    internal static SendOutcome.CredentialFault CannotSign() =>
        new(MalformedKey, "The private key cannot sign. Generate a new private key in the Firebase console under Project settings > Service accounts and store it.");

    internal static SendOutcome.CredentialFault Skewed(long seconds) =>
        new(ClockSkew, Math.Abs(seconds) < TooFewToMatter
            ? "Google refuses the time of the signed request. Check the clock of this machine, and let it follow a time server."
            : $"The clock of this machine is {Apart(seconds)} Google's. Set it, and let it follow a time server.");

    /// <summary>For a clock that is wrong while everything else is right.</summary>
    internal static string Skew(long seconds) =>
        $"The clock of this machine is {Apart(seconds)} Google's; signing with the corrected time works, so pushes go out. Set the clock, and let it follow a time server.";

    /// <summary>The page of Google's console on which a fault is mended, or null.</summary>
    public static string? LinkOf(string code, string project) => code == ApiDisabled ? ApiPage(project) : null;

    /// <summary>The role that the account lacks, or null.</summary>
    public static string? RoleOf(string code) => code == RoleMissing ? Role : null;

    internal static SendOutcome.CredentialFault UnknownAccount() =>
        new(Account, "Google does not know the service account, or it is disabled or deleted. Check the client email, and the account in the Google Cloud console under IAM & Admin > Service Accounts.");

    internal static SendOutcome.CredentialFault Revoked() =>
        new(KeyRevoked, "Google refuses the signature: the private key was revoked or deleted, or belongs to another account than the client email. Generate a new private key and store it with its client email.");

    internal static SendOutcome.CredentialFault NoToken(string error) =>
        new(TokenRefused, $"Google gives no access token ({error}). Generate a new private key of a Firebase service account and store it.");

    internal static SendOutcome.CredentialFault TokenNotTaken() =>
        new(AccessToken, "Firebase refuses a fresh access token. Check that the service account is enabled, and that the token endpoint and the send endpoint belong together.");

    internal static SendOutcome.CredentialFault ApiOff(string project) =>
        new(ApiDisabled, $"The Firebase Cloud Messaging API is off in project {project}. Enable it at {ApiPage(project)} and wait a few minutes.");

    internal static SendOutcome.CredentialFault NoRole(string project) =>
        new(RoleMissing, $"The service account may not send for project {project}. Grant it the role {Role} in that project, or use a service account of that project.");

    internal static SendOutcome.CredentialFault NoProject(string project) =>
        new(WrongProject, $"Firebase knows no project {project}. Copy the project ID from the Firebase console under Project settings > General.");

    private const string Role = "roles/firebasecloudmessaging.admin";

    private static string ApiPage(string project) => $"https://console.cloud.google.com/apis/library/fcm.googleapis.com?project={Uri.EscapeDataString(project)}";

    /// <summary>Seconds of difference in the answer's Date that cannot be why Google refuses the time: a proxy's Date, or none. Google allows minutes.</summary>
    private const int TooFewToMatter = 60;

    private static string Apart(long seconds) => $"{Math.Abs(seconds)} seconds {(seconds > 0 ? "behind" : "ahead of")}";
}
