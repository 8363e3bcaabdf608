using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Why the push of a test did not go out, in plain words: every outcome but success.</summary>
public static class SendFaults
{
    /// <summary>The fault in an outcome; null where FCM has taken the push.</summary>
    /// <param name="outcome">What FCM answered.</param>
    /// <param name="project">The project of the credentials.</param>
    public static TestFault? Of(SendOutcome outcome, string project) => outcome switch
    {
        SendOutcome.Accepted => null,
        SendOutcome.TargetForeign foreign => new(foreign.Code, $"The values belong to another Firebase project than the stored credentials, which are of project {project}.",
            $"Check App ID, API key and Sender ID against the Firebase console of project {project}, or store the credentials of the project that they belong to. Review and retry."),
        SendOutcome.TargetDead dead => new(dead.Code, "Firebase says that the registration is gone already.",
            "Refresh the page and retry. If it fails again, remove this site's data in the browser and retry."),
        SendOutcome.TargetSuspect suspect => new(suspect.Code, "Firebase does not take the token as one of its own.",
            "Check App ID, API key and Sender ID against the Firebase console, refresh the page and retry."),
        SendOutcome.CredentialFault fault => OfCredential(fault, project),
        SendOutcome.Throttled throttled => new(throttled.Code, "Firebase throttles this project at present.", "Wait a minute and retry."),
        SendOutcome.Unavailable down => new(down.Code, $"Firebase could not be reached from this server, or is down ({down.Code}).",
            "Check name resolution, firewall and proxy of the server, wait a minute and retry."),
        SendOutcome.Rejected { Code: "THIRD_PARTY_AUTH_ERROR" } rejected => new(rejected.Code,
            "The browser's push service refuses what Firebase signs: the subscription was made with a web push key that is not the project's.",
            "Compare the web push key with Project settings > Cloud Messaging > Web Push certificates in the Firebase console, or leave the field empty. Review and retry."),
        SendOutcome.Rejected rejected => new(rejected.Code, $"Firebase does not take the message. {rejected.Reason}", "Look for proxies between this server and Firebase, and retry."),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };

    /// <summary>A fault of the credentials; its remedy says what is wrong and what to do in one.</summary>
    public static TestFault OfCredential(SendOutcome.CredentialFault fault, string project) => OfCredential(fault.Code, fault.Remedy, project);

    internal static TestFault OfCredential(string code, string remedy, string project)
    {
        var end = remedy.IndexOf(". ", StringComparison.Ordinal);
        var (reason, rest) = end < 0 ? (remedy, "Review the credentials and retry.") : (remedy[..(end + 1)], remedy[(end + 2)..]);
        return new TestFault(code, reason, rest)
        {
            Link = code switch
            {
                CredentialFaults.ApiDisabled => $"https://console.cloud.google.com/apis/library/fcm.googleapis.com?project={Uri.EscapeDataString(project)}",
                CredentialFaults.RoleMissing => $"https://console.cloud.google.com/iam-admin/iam?project={Uri.EscapeDataString(project)}",
                _ => null,
            },
        };
    }
}
