using System.Text;
using System.Text.Json;

namespace Ringback.Engine.Firebase;

/// <summary>The parts of a <c>google.rpc.Status</c> that decide. Descriptions are left out: they may quote what was sent.</summary>
/// <param name="Status">Name of the canonical code, such as <c>NOT_FOUND</c>, or empty.</param>
/// <param name="FcmCode"><c>FcmError.errorCode</c>, or null.</param>
/// <param name="Reason"><c>ErrorInfo.reason</c>, or null.</param>
/// <param name="Fields">The violated fields of <c>BadRequest</c>.</param>
internal sealed record FcmErrorBody(string Status, string? FcmCode, string? Reason, IReadOnlyList<string> Fields)
{
    private const int MaxFields = 8;
    private const int MaxFieldLength = 80;

    /// <summary>The error in the body, or null where the body is not in that form.</summary>
    public static FcmErrorBody? Read(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty) return null;
        try
        {
            using var document = JsonDocument.Parse(body.ToArray());
            if (Object(document.RootElement, "error") is not { } error) return null;
            string? fcmCode = null, reason = null;
            List<string> fields = [];
            foreach (var detail in Items(error, "details"))
            {
                var type = Text(detail, "@type") ?? "";
                if (type.EndsWith("google.firebase.fcm.v1.FcmError", StringComparison.Ordinal)) fcmCode ??= Text(detail, "errorCode");
                else if (type.EndsWith("google.rpc.ErrorInfo", StringComparison.Ordinal)) reason ??= Text(detail, "reason");
                else if (type.EndsWith("google.rpc.BadRequest", StringComparison.Ordinal))
                    fields.AddRange(Items(detail, "fieldViolations").Select(v => Plain(Text(v, "field") ?? "")).Where(f => f.Length > 0).Take(MaxFields - fields.Count));
            }

            return new FcmErrorBody(Text(error, "status") ?? "", fcmCode, reason, fields);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Object(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    private static JsonElement.ArrayEnumerator Items(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Array ? child.EnumerateArray() : default;

    private static string? Text(JsonElement parent, string name)
    {
        try
        {
            return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.String ? child.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate passes the parser and fails only as text.
        }
    }

    /// <summary>A field path as it may stand in a log line: FCM quotes nothing else in it than names.</summary>
    private static string Plain(string field)
    {
        var plain = new StringBuilder();
        foreach (var c in field.AsSpan(0, Math.Min(field.Length, MaxFieldLength)))
        {
            if (char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '[' or ']' or '-') plain.Append(c);
        }

        return plain.ToString();
    }
}
