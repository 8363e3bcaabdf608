namespace Ringback.FcmEmulator.Send;

/// <summary>Every refusal of <c>messages:send</c>, with Google's status, code and words.</summary>
internal static class Refusals
{
    public static readonly RpcStatus Unauthenticated = new(401, "UNAUTHENTICATED",
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.");

    public static readonly RpcStatus UnknownProject = new(404, "NOT_FOUND", "Requested entity was not found.");

    public static readonly RpcStatus MalformedJson = new(400, "INVALID_ARGUMENT", "Invalid JSON payload received. The body is not a JSON object.");

    public static readonly RpcStatus BodyTooLarge = new(413, "INVALID_ARGUMENT", "Request Entity Too Large");

    public static readonly RpcStatus Unregistered = Fcm(404, "NOT_FOUND", "UNREGISTERED", "Requested entity was not found.");

    public static readonly RpcStatus QuotaExceeded = new(429, "RESOURCE_EXHAUSTED", "Quota exceeded for the message.",
        new StatusDetail.FcmError("QUOTA_EXCEEDED"), new StatusDetail.QuotaFailure("device", "The rate of messages to this device is too high."));

    public static readonly RpcStatus Internal = Fcm(500, "INTERNAL", "INTERNAL", "Internal error encountered.");

    public static readonly RpcStatus SenderIdMismatch = Fcm(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch");

    /// <summary>The project's APNs or web push credentials are bad: Google cannot hand the message on.</summary>
    public static readonly RpcStatus ThirdPartyAuthError = Fcm(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR",
        "Request is missing required authentication credential for the push service of the device.");

    /// <summary>What a schema error looks like, for a sender that never makes one.</summary>
    public static readonly RpcStatus SchemaExample = Schema(
        [new FieldViolation("message.unknown", "Invalid JSON payload received. Unknown name \"unknown\" at 'message': Cannot find field.")]);

    public static readonly RpcStatus InvalidToken = InvalidArgument(
        new FieldViolation("message.token", "The registration token is not a valid FCM registration token"));

    public static RpcStatus Unavailable(int? retryAfterSeconds)
        => Fcm(503, "UNAVAILABLE", "UNAVAILABLE", "The service is currently unavailable.") with
        {
            RetryAfter = retryAfterSeconds is { } seconds ? new RetryAfter(seconds, AsDate: false) : null,
        };

    public static RpcStatus PermissionDenied(string projectId)
        => new(403, "PERMISSION_DENIED",
            $"Permission 'cloudmessaging.messages.create' denied on resource '//cloudresourcemanager.googleapis.com/projects/{projectId}' (or it may not exist).",
            new StatusDetail.ErrorInfo("IAM_PERMISSION_DENIED", "iam.googleapis.com", new Dictionary<string, string>
            {
                ["permission"] = "cloudmessaging.messages.create",
                ["resource"] = $"projects/{projectId}",
            }));

    public static RpcStatus ServiceDisabled(string projectId)
    {
        var url = $"https://console.developers.google.com/apis/api/fcm.googleapis.com/overview?project={projectId}";
        return new(403, "PERMISSION_DENIED",
            $"Firebase Cloud Messaging API has not been used in project {projectId} before or it is disabled. Enable it by visiting {url} then retry.",
            new StatusDetail.Help("Google developers console API activation", url),
            new StatusDetail.ErrorInfo("SERVICE_DISABLED", "googleapis.com", new Dictionary<string, string>
            {
                ["service"] = "fcm.googleapis.com",
                ["consumer"] = $"projects/{projectId}",
            }));
    }

    public static RpcStatus ProjectQuotaExceeded(string projectId, int retryAfterSeconds)
        => new(429, "RESOURCE_EXHAUSTED", "Quota exceeded for quota metric 'Message send requests' and limit 'Message send requests per minute'.",
            new StatusDetail.FcmError("QUOTA_EXCEEDED"), new StatusDetail.QuotaFailure($"project:{projectId}", "Message send requests per minute"))
        {
            RetryAfter = new RetryAfter(retryAfterSeconds, AsDate: false),
        };

    /// <summary>The request does not fit the schema: no <c>FcmError</c>, since FCM has not seen it yet.</summary>
    public static RpcStatus Schema(IReadOnlyList<FieldViolation> violations)
        => new(400, "INVALID_ARGUMENT", string.Join('\n', violations.Select(violation => violation.Description)), new StatusDetail.BadRequest(violations));

    /// <summary>The request fits the schema, and FCM does not take what it says.</summary>
    public static RpcStatus InvalidArgument(params IReadOnlyList<FieldViolation> violations)
        => new(400, "INVALID_ARGUMENT", violations[0].Description,
            new StatusDetail.FcmError("INVALID_ARGUMENT"), new StatusDetail.BadRequest(violations));

    private static RpcStatus Fcm(int code, string status, string errorCode, string message)
        => new(code, status, message, new StatusDetail.FcmError(errorCode));
}
