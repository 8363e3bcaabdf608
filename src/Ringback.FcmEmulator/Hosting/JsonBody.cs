using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>Reads a request body as JSON, more strictly than the parser alone: valid UTF-8, no lone surrogates, no name twice.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The body, or null if it is not JSON. A body that is too long ends as a <see cref="BadHttpRequestException"/>.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        try
        {
            // From the stream the document takes its memory from a pool, and gives it back when it is disposed.
            var document = await JsonDocument.ParseAsync(context.Request.Body, Strict, context.RequestAborted);
            if (IsText(JsonMarshal.GetRawUtf8Value(document.RootElement)))
            {
                return document;
            }
            document.Dispose();
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsText(ReadOnlySpan<byte> json) => Utf8.IsValid(json) && (json.IndexOf("\\u"u8) < 0 || EscapesAreText(json));

    /// <summary>The parser lets <c>"\ud800"</c> pass and fails only when somebody asks for the string.</summary>
    private static bool EscapesAreText(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                try
                {
                    _ = reader.GetString();
                }
                catch (InvalidOperationException)
                {
                    return false;
                }
            }
        }
        return true;
    }
}
