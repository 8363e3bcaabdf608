using System.Buffers;
using System.IO.Pipelines;
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
        var reader = context.Request.BodyReader;
        ReadResult read;
        while (!(read = await reader.ReadAsync(context.RequestAborted)).IsCompleted)
        {
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
        try
        {
            return Parse(read.Buffer);
        }
        finally
        {
            reader.AdvanceTo(read.Buffer.End);
        }
    }

    private static JsonDocument? Parse(ReadOnlySequence<byte> body)
    {
        // The document refers to these bytes until it is disposed; the pipe takes its own back before that.
        var bytes = body.ToArray();
        if (!Utf8.IsValid(bytes))
        {
            return null;
        }
        try
        {
            var document = JsonDocument.Parse(bytes, Strict);
            if (bytes.AsSpan().IndexOf("\\u"u8) < 0 || EscapesAreText(bytes))
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
