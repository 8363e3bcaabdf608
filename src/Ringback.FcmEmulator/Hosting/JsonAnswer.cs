using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>Writes answers straight into the response.</summary>
internal static class JsonAnswer
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=UTF-8";
        // Complete before the first byte leaves: a writer that throws then still turns into a proper error answer.
        var body = new System.Buffers.ArrayBufferWriter<byte>(512);
        await using (var json = new Utf8JsonWriter(body, Readable))
        {
            write(json);
        }
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    /// <summary>An error of the emulator's own paths; those of Google's paths have Google's shapes.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string error)
        => WriteAsync(context, status, json =>
        {
            json.WriteStartObject();
            json.WriteString("error", error);
            json.WriteEndObject();
        });
}
