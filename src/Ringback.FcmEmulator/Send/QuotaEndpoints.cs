using System.Text.Json;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Send;

/// <summary><c>/quota</c>: reads and sets how many messages a minute a project may send.</summary>
internal static class QuotaEndpoints
{
    public static void Map(WebApplication app)
    {
        var quota = app.Services.GetRequiredService<ProjectQuota>();
        app.MapGet("/quota", (RequestDelegate)(context => AnswerAsync(context, quota)));
        app.MapPut("/quota", (RequestDelegate)(context => SetAsync(context, quota)));
    }

    private static async Task SetAsync(HttpContext context, ProjectQuota quota)
    {
        using var body = await JsonBody.ReadAsync(context);
        if (body is not { RootElement: { ValueKind: JsonValueKind.Object } root } || root.EnumerateObject().Count() != 1
            || !root.TryGetProperty("perMinute", out var given) || given.ValueKind != JsonValueKind.Number
            || !given.TryGetInt32(out var perMinute) || perMinute < 0)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "The body must be {\"perMinute\":n}; 0 is no limit.");
            return;
        }
        quota.PerMinute = perMinute;
        await AnswerAsync(context, quota);
    }

    private static Task AnswerAsync(HttpContext context, ProjectQuota quota)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("perMinute", quota.PerMinute);
            json.WriteEndObject();
        });
}
