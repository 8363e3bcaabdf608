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

    public static readonly RpcStatus QuotaExceeded = Fcm(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", "Quota exceeded for the message.");

    public static readonly RpcStatus Internal = Fcm(500, "INTERNAL", "INTERNAL", "Internal error encountered.");

    public static readonly RpcStatus SenderIdMismatch = Fcm(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", "SenderId mismatch");

    public static readonly RpcStatus InvalidToken = InvalidArgument(
        new FieldViolation("message.token", "The registration token is not a valid FCM registration token"));

    public static RpcStatus Unavailable(int? retryAfterSeconds)
        => Fcm(503, "UNAVAILABLE", "UNAVAILABLE", "The service is currently unavailable.") with { RetryAfterSeconds = retryAfterSeconds };

    public static RpcStatus PermissionDenied(string projectId)
        => new(403, "PERMISSION_DENIED",
            $"Permission 'cloudmessaging.messages.create' denied on resource '//cloudresourcemanager.googleapis.com/projects/{projectId}' (or it may not exist).",
            new StatusDetail.ErrorInfo("IAM_PERMISSION_DENIED", "iam.googleapis.com", new Dictionary<string, string>
            {
                ["permission"] = "cloudmessaging.messages.create",
                ["resource"] = $"projects/{projectId}",
            }));

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
