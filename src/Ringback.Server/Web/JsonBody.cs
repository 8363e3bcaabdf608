using System.Text.Json;
using Ringback.Engine;

namespace Ringback.Server.Web;

/// <summary>Reads request bodies. Kestrel refuses more than <see cref="MaxBytes"/> before a parser sees them.</summary>
internal static class JsonBody
{
    /// <summary>Largest body of any call.</summary>
    public const int MaxBytes = 64 * 1024;

    private static readonly JsonDocumentOptions strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>The body as a JSON object. A body that is none is a <see cref="ProblemException"/>.</summary>
    public static async Task<JsonElement> ReadAsync(HttpContext http)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(http.Request.Body, strict, http.RequestAborted);
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
}
