using System.Text.Encodings.Web;
using System.Text.Json;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Inbox;

/// <summary><c>/inbox</c>: read, wait for and clear what was accepted.</summary>
internal static class InboxEndpoints
{
    /// <summary>A full inbox is hundreds of megabytes: it leaves in pieces of about this size.</summary>
    private const int FlushBytes = 64 * 1024;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Map(WebApplication app)
    {
        var inbox = app.Services.GetRequiredService<MessageInbox>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.MapGet("/inbox", (RequestDelegate)(context => ReadAsync(context, inbox, clock, app.Lifetime.ApplicationStopping)));
        app.MapDelete("/inbox", (RequestDelegate)(context =>
        {
            inbox.Clear();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }

    private static async Task ReadAsync(HttpContext context, MessageInbox inbox, TimeProvider clock, CancellationToken stopping)
    {
        if (!InboxQuery.TryRead(context.Request.Query, out var query, out var problem))
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var messages = await WaitAsync(inbox, query, clock, ends.Token);
        await WriteAsync(context, messages);
    }

    private static async Task<IReadOnlyList<InboxMessage>> WaitAsync(
        MessageInbox inbox, InboxQuery query, TimeProvider clock, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        while (true)
        {
            var messages = inbox.Read(query, out var nextArrival);
            var left = query.Wait - clock.GetElapsedTime(start);
            if (messages.Count > 0 || left <= TimeSpan.Zero)
            {
                return messages;
            }
            try
            {
                await nextArrival.WaitAsync(left, clock, cancellation);
            }
            catch (Exception over) when (over is TimeoutException or OperationCanceledException)
            {
                return [];
            }
        }
    }

    private static async Task WriteAsync(HttpContext context, IReadOnlyList<InboxMessage> messages)
    {
        context.Response.ContentType = "application/json; charset=UTF-8";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, Writing);
        json.WriteStartObject();
        json.WriteStartArray("messages");
        foreach (var message in messages)
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", message.Sequence);
            json.WriteString("receivedAt", message.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteString("projectId", message.ProjectId);
            json.WriteBoolean("validateOnly", message.ValidateOnly);
            json.WritePropertyName("message");
            json.WriteRawValue(message.Json.Span, skipInputValidation: true);
            json.WriteEndObject();
            if (json.BytesPending + context.Response.BodyWriter.UnflushedBytes > FlushBytes)
            {
                json.Flush();
                await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            }
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
