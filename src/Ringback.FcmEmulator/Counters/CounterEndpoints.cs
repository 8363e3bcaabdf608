using Ringback.FcmEmulator.Devices;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Counters;

/// <summary><c>/counters</c> and <c>/targets</c>: how the sends ended, all together and token by token.</summary>
internal static class CounterEndpoints
{
    private const int ShownTargets = 200;

    public static void Map(WebApplication app)
    {
        var counters = app.Services.GetRequiredService<SendCounters>();
        var devices = app.Services.GetRequiredService<DeviceRegistry>();
        app.MapGet("/counters", (RequestDelegate)(context => AnswersAsync(context, counters)));
        app.MapGet("/targets", (RequestDelegate)(context => TargetsAsync(context, counters, devices)));
        app.MapDelete("/counters", (RequestDelegate)(context =>
        {
            counters.Clear();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }

    private static Task AnswersAsync(HttpContext context, SendCounters counters)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("sends");
            foreach (var (project, answer, count) in counters.Answers())
            {
                json.WriteStartObject();
                json.WriteString("projectId", project);
                json.WriteString("answer", answer);
                json.WriteNumber("count", count);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static Task TargetsAsync(HttpContext context, SendCounters counters, DeviceRegistry devices)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("targets");
            foreach (var (target, state) in counters.Targets(ShownTargets))
            {
                json.WriteStartObject();
                json.WriteString("target", target);
                json.WriteString("projectId", state.ProjectId);
                json.WriteString("state", !devices.TryFind(target, out var device) ? "unknown" : device.IsGone ? "unregistered" : "registered");
                json.WriteNumber("accepted", state.Accepted);
                json.WriteNumber("refused", state.Refused);
                json.WriteString("lastAnswer", state.LastAnswer);
                json.WriteString("lastAt", state.LastAt.UtcDateTime);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
