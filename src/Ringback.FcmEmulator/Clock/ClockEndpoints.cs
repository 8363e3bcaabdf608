using System.Globalization;
using System.Text.Json;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Clock;

/// <summary><c>/clock</c>: lets an hour pass in a moment, or makes the sender's clock wrong.</summary>
internal static class ClockEndpoints
{
    public static void Map(WebApplication app)
    {
        var clock = app.Services.GetRequiredService<EmulatorClock>();
        app.MapGet("/clock", (RequestDelegate)(context => AnswerAsync(context, clock)));
        app.MapPut("/clock", (RequestDelegate)(context => MoveAsync(context, clock, "offsetSeconds", TimeSpan.Zero)));
        app.MapPost("/clock/advance", (RequestDelegate)(context => MoveAsync(context, clock, "seconds", clock.Offset)));
        app.MapDelete("/clock", (RequestDelegate)(context =>
        {
            clock.Offset = TimeSpan.Zero;
            clock.HidesOffset = false;
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }

    private static async Task MoveAsync(HttpContext context, EmulatorClock clock, string field, TimeSpan from)
    {
        using var body = await JsonBody.ReadAsync(context);
        var limit = EmulatorClock.MaxOffset.TotalSeconds;
        if (body is { RootElement: { ValueKind: JsonValueKind.Object } root } && root.EnumerateObject().All(p => p.Name == field || p.Name == "hidden")
            && ReadHidden(root) is { } hidden && root.TryGetProperty(field, out var given) && given.ValueKind == JsonValueKind.Number
            && given.TryGetDouble(out var seconds) && Math.Abs(from.TotalSeconds + seconds) <= limit)
        {
            clock.Offset = from + TimeSpan.FromSeconds(seconds);
            clock.HidesOffset = hidden;
            await AnswerAsync(context, clock);
            return;
        }
        await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, string.Create(CultureInfo.InvariantCulture,
            $"The body must be {{\"{field}\":n}}, and the clock may go at most {limit} s from the real one. \"hidden\":true gives answers the real date."));
    }

    /// <summary>Absent is false; null where it is neither true nor false.</summary>
    private static bool? ReadHidden(JsonElement root)
        => !root.TryGetProperty("hidden", out var hidden) ? false : hidden.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    private static Task AnswerAsync(HttpContext context, EmulatorClock clock)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("now", clock.GetUtcNow().UtcDateTime);
            json.WriteNumber("offsetSeconds", clock.Offset.TotalSeconds);
            json.WriteEndObject();
        });
}
