using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Ringback.FcmEmulator.Send;

/// <summary>A body of <c>messages:send</c> that FCM would take.</summary>
/// <param name="Message">The message; readable as long as the body that it came in.</param>
/// <param name="Token">The token or installation id; null for a topic or a condition.</param>
/// <param name="NotificationId">What makes a resend the same notification: <c>data.notificationId</c>, a habit of Ringback.</param>
/// <param name="ValidateOnly">Check and answer, deliver to nobody.</param>
internal sealed record SendRequest(JsonElement Message, string? Token, string? NotificationId, bool ValidateOnly)
{
    public static bool TryRead(JsonElement body, [NotNullWhen(true)] out SendRequest? request, [NotNullWhen(false)] out RpcStatus? refusal)
    {
        request = null;
        if (body.ValueKind != JsonValueKind.Object)
        {
            refusal = Refusals.MalformedJson;
            return false;
        }
        if (SchemaCheck.Of(body) is { Count: > 0 } violations)
        {
            refusal = Refusals.Schema(violations);
            return false;
        }
        if (Child(body, "message") is not { } message)
        {
            refusal = Refusals.Schema([new FieldViolation("message", "Invalid value at 'message': the message is not set.")]);
            return false;
        }
        if ((refusal = MessageRules.Refuse(message)) is not null)
        {
            return false;
        }
        request = new SendRequest(
            message,
            (Child(message, "token") ?? Child(message, "fid"))?.GetString(),
            Child(message, "data") is { } data ? Child(data, "notificationId")?.GetString() : null,
            (Child(body, "validate_only") ?? Child(body, "validateOnly"))?.GetBoolean() ?? false);
        return true;
    }

    /// <summary>A field that is there and not null.</summary>
    public static JsonElement? Child(JsonElement parent, string name)
        => parent.TryGetProperty(name, out var child) && child.ValueKind != JsonValueKind.Null ? child : null;
}
