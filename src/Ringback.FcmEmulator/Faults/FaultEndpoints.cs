using System.Text.Json;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Faults;

/// <summary><c>/faults</c>: the control API that takes FCM away and brings it back; DELETE ends the rules of <see cref="FaultRuleEndpoints"/> too.</summary>
internal static class FaultEndpoints
{
    private const int MaxRetryAfterSeconds = 86_400;

    public static void Map(WebApplication app)
    {
        var faults = app.Services.GetRequiredService<FaultSwitch>();
        var rules = app.Services.GetRequiredService<FaultRules>();
        app.MapGet("/faults", (RequestDelegate)(context => AnswerAsync(context, faults.Current)));
        app.MapPut("/faults", (RequestDelegate)(context => SetAsync(context, faults)));
        app.MapDelete("/faults", (RequestDelegate)(context =>
        {
            faults.Current = new Fault.None();
            rules.Clear();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }

    private static async Task SetAsync(HttpContext context, FaultSwitch faults)
    {
        using var body = await JsonBody.ReadAsync(context);
        if (Read(body) is not { } fault)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest,
                $"The body must be {{\"unavailable\":true|false,\"retryAfterSeconds\":0…{MaxRetryAfterSeconds}}}; retryAfterSeconds is optional.");
            return;
        }
        faults.Current = fault;
        await AnswerAsync(context, fault);
    }

    private static Fault? Read(JsonDocument? body)
    {
        if (body is not { RootElement: { ValueKind: JsonValueKind.Object } root }
            || !root.TryGetProperty("unavailable", out var unavailable)
            || unavailable.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
            || root.EnumerateObject().Any(field => field.Name is not ("unavailable" or "retryAfterSeconds")))
        {
            return null;
        }
        int? retryAfter = null;
        if (root.TryGetProperty("retryAfterSeconds", out var given))
        {
            if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out var seconds) || seconds is < 0 or > MaxRetryAfterSeconds)
            {
                return null;
            }
            retryAfter = seconds;
        }
        return unavailable.GetBoolean() ? new Fault.Unavailable(retryAfter) : new Fault.None();
    }

    private static Task AnswerAsync(HttpContext context, Fault fault)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("unavailable", fault is Fault.Unavailable);
            if (fault is Fault.Unavailable { RetryAfterSeconds: { } seconds })
            {
                json.WriteNumber("retryAfterSeconds", seconds);
            }
            json.WriteEndObject();
        });
}
