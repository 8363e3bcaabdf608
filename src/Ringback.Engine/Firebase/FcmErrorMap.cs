using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>
/// What an answer of FCM other than success means. It goes by <c>error.details</c>, then by <c>error.status</c>, then by the class of the HTTP status; never by
/// the message. Codes: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode
/// </summary>
public static class FcmErrorMap
{
    /// <summary>Maps a refusal. A fault <see cref="CredentialFaults.AccessToken"/> asks the sender to fetch a new token and try once more.</summary>
    /// <param name="httpStatus">The HTTP status, none of the 2xx.</param>
    /// <param name="body">The answer's body, or the beginning of it.</param>
    /// <param name="retryAfter">What the header <c>Retry-After</c> asks for.</param>
    /// <param name="project">The project sent for, to name it in a remedy.</param>
    public static SendOutcome Map(int httpStatus, ReadOnlySpan<byte> body, TimeSpan? retryAfter, string project)
    {
        if (FcmErrorBody.Read(body) is not { } error) return ByClass(httpStatus, retryAfter, project: null);
        switch (error.FcmCode)
        {
            case "UNREGISTERED": return new SendOutcome.TargetDead("UNREGISTERED", project);
            case "SENDER_ID_MISMATCH": return new SendOutcome.TargetForeign("SENDER_ID_MISMATCH");
            case "QUOTA_EXCEEDED": return new SendOutcome.Throttled("QUOTA_EXCEEDED", retryAfter);
            case "UNAVAILABLE": return new SendOutcome.Unavailable("UNAVAILABLE", retryAfter);
            case "INTERNAL": return new SendOutcome.Unavailable("INTERNAL", retryAfter);
            case "INVALID_ARGUMENT": return InvalidArgument(error);
            case "THIRD_PARTY_AUTH_ERROR":
                // Concerns Apple and web targets alone, so it must not hold up this tenant's other pushes as a credential fault would.
                return new SendOutcome.Rejected(
                    "THIRD_PARTY_AUTH_ERROR",
                    "Firebase cannot send on to Apple or to the browser's push service. Renew the APNs key or the web push certificate in the Firebase console under Project settings > Cloud Messaging.");
            default: return ByStatus(error, httpStatus, retryAfter, project);
        }
    }

    // The violated field tells a malformed token from a malformed message. Without one, the token is the one part that is not of our making.
    private static SendOutcome InvalidArgument(FcmErrorBody error) =>
        error.Fields.Count == 0 || error.Fields.Any(field => field is "message.token" or "message.fid" or "token" or "fid")
            ? new SendOutcome.TargetSuspect("INVALID_ARGUMENT", "Firebase does not take the address, or the message with it.")
            : Refused("INVALID_ARGUMENT", error);

    private static SendOutcome ByStatus(FcmErrorBody error, int httpStatus, TimeSpan? retryAfter, string project) => error.Status switch
    {
        "INVALID_ARGUMENT" or "FAILED_PRECONDITION" or "OUT_OF_RANGE" or "UNIMPLEMENTED" => Refused(error.Status, error),
        "UNAUTHENTICATED" => CredentialFaults.TokenNotTaken(),
        "PERMISSION_DENIED" => error.Reason switch
        {
            "SERVICE_DISABLED" => CredentialFaults.ApiOff(project),
            "CONSUMER_INVALID" => CredentialFaults.NoProject(project),
            _ => CredentialFaults.NoRole(project),
        },
        "NOT_FOUND" => CredentialFaults.NoProject(project),
        "RESOURCE_EXHAUSTED" => new SendOutcome.Throttled(error.Status, retryAfter),
        "INTERNAL" or "UNAVAILABLE" or "DEADLINE_EXCEEDED" or "ABORTED" or "CANCELLED" or "UNKNOWN" or "DATA_LOSS" => new SendOutcome.Unavailable(error.Status, retryAfter),
        _ => ByClass(httpStatus, retryAfter, project),
    };

    /// <summary>
    /// For what FCM itself did not write: a proxy's page, a front end's 502. What the same bytes would meet again is refused; what a corrected route or proxy
    /// may let through is tried again until the push expires. Only an answer in FCM's form (<paramref name="project"/> given) accuses the project.
    /// </summary>
    private static SendOutcome ByClass(int httpStatus, TimeSpan? retryAfter, string? project)
    {
        var code = $"HTTP_{httpStatus}";
        return httpStatus switch
        {
            401 => CredentialFaults.TokenNotTaken(),
            403 when project is not null => CredentialFaults.NoRole(project),
            404 when project is not null => CredentialFaults.NoProject(project),
            429 => new SendOutcome.Throttled(code, retryAfter),
            400 or 411 or 413 or 414 or 415 or 422 or 431 => new SendOutcome.Rejected(code, "The answer is not in Firebase's form. Check the send endpoint and any proxy on the way to it."),
            _ => new SendOutcome.Unavailable(code, retryAfter),
        };
    }

    private static SendOutcome.Rejected Refused(string code, FcmErrorBody error) => new(
        code,
        error.Fields.Count == 0 ? "Firebase does not take the message." : $"Firebase does not take these fields of the message: {string.Join(", ", error.Fields)}.");
}
