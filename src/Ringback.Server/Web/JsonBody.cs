using System.Text.Json;
using System.Text.Unicode;
using Ringback.Engine;

namespace Ringback.Server.Web;

/// <summary>Reads request bodies. Kestrel refuses more than <see cref="MaxBytes"/> before a parser sees them.</summary>
internal static class JsonBody
{
    /// <summary>Largest body of any call.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxDepth = 32;

    private static readonly JsonDocumentOptions strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The body as a JSON object whose every text can be read. A body that is none is a <see cref="ProblemException"/>.</summary>
    public static async Task<JsonElement> ReadAsync(HttpContext http)
    {
        var bytes = await BytesAsync(http);
        if (bytes.IsEmpty) throw new ProblemException(Problems.MalformedBody.With("The body is empty; this call takes a JSON object."));
        // Neither is looked at by the parser; both would throw wherever a field is read first.
        if (!Utf8.IsValid(bytes.Span)) throw new ProblemException(Problems.MalformedBody.With("The body is not UTF-8 text."));
        try
        {
            if (FieldWithHalfCharacter(bytes.Span) is { } field) throw new ProblemException(Problems.InvalidParameters.With($"{field} holds one half of a surrogate pair, which is no character."));
            using var document = JsonDocument.Parse(bytes, strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new ProblemException(Problems.MalformedBody.With("The body must be a JSON object."));
        }
        catch (JsonException wrong)
        {
            var where = wrong.LineNumber is { } line ? $" near line {line + 1}, byte {wrong.BytePositionInLine + 1}" : "";
            throw new ProblemException(Problems.MalformedBody.With($"The body is not well-formed JSON{where}."), wrong);
        }
        catch (InvalidOperationException wrong)
        {
            // The parser's complaint about an escape that stands for half a character, met while it looked for duplicate names.
            throw new ProblemException(Problems.MalformedBody.With("The body has a field whose name is not Unicode text."), wrong);
        }
    }

    /// <summary>The JSON object that a text holds, by the same rules; null where it holds none.</summary>
    public static JsonElement? ReadObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null; // The second for a name with half a character.
        }
    }

    private static async Task<ReadOnlyMemory<byte>> BytesAsync(HttpContext http)
    {
        using var buffer = new MemoryStream((int)Math.Clamp(http.Request.ContentLength ?? 1_024, 0, MaxBytes));
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var bytes = new ReadOnlyMemory<byte>(buffer.GetBuffer(), 0, (int)buffer.Length);
        return bytes.Span.StartsWith("\uFEFF"u8) ? bytes[3..] : bytes;
    }

    /// <summary>The first field, by its outermost name, in which an escape such as <c>\ud800</c> stands alone.</summary>
    private static string? FieldWithHalfCharacter(ReadOnlySpan<byte> json)
    {
        if (json.IndexOf("\\u"u8) < 0) return null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var field = "The body";
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || (!reader.ValueIsEscaped && reader.CurrentDepth != 1)) continue;
                var text = reader.GetString();
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1) field = text!.Length <= 64 ? text : "A field";
            }
            return null;
        }
        catch (InvalidOperationException)
        {
            return field;
        }
    }
}
