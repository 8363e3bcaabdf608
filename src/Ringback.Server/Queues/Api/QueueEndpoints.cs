using System.Text.Json;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Queues.Api;

/// <summary>The calls of the Queues slice: reports and settings.</summary>
internal static class QueueEndpoints
{
    /// <summary>More interactions or agents than any queue has; a larger figure is a mistake.</summary>
    private const int MostPlausible = 10_000_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPut("/management/v1/queues/{name}/state", ReportAsync).RequireRights(ApiRights.Agent);

        app.MapGet("/management/v1/queues/{name}/forecast-quality", ForecastQualityCall.GetAsync).RequireRights(ApiRights.Management);

        var settings = app.MapGroup("/management/v1/settings/queues").RequireRights(ApiRights.Management);
        settings.MapGet("", ListAsync);
        settings.MapGet("/{name}", GetAsync);
        settings.MapPost("/{name}", AddAsync);
        settings.MapPatch("/{name}", ChangeAsync);
        settings.MapDelete("/{name}", DeleteAsync);
        settings.MapGet("/{name}/history", SettingsHistory.GetAsync);
        settings.MapGet("/export", SettingsTransfer.ExportAsync);
        settings.MapPost("/import", SettingsTransfer.ImportAsync);
        settings.MapGet("/{name}/texts", TextsCalls.GetAsync);
        settings.MapPut("/{name}/texts/{pushEvent}/{language}", TextsCalls.PutAsync);
        settings.MapDelete("/{name}/texts/{pushEvent}/{language}", TextsCalls.DeleteAsync);
        settings.MapPost("/{name}/texts/preview", TextsCalls.PreviewAsync);
    }

    private static async Task<IResult> ReportAsync(HttpContext http, string name, QueueService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var report = new QueueReport
        {
            AgentsLoggedIn = fields.RequiredInt("agentsLoggedIn", 0, MostPlausible),
            AgentsReady = fields.RequiredInt("agentsReady", 0, MostPlausible),
            InteractionsWaiting = fields.RequiredInt("interactionsWaiting", 0, MostPlausible),
            MeanHandlingSeconds = fields.Number("meanHandlingSeconds", 0, 86_400) ?? 0,
            Departures = fields.Int("departures", 0, MostPlausible) ?? 0,
            ReportedEwtSeconds = fields.Number("reportedEwtSeconds", 0, 2_592_000),
            ReportedAt = fields.Instant("reportedAt"),
            ReportId = fields.Text("reportId", 128),
        };
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        var answer = await service.ReportAsync(http.Caller().Tenant, RouteText.Name(name), report);
        return Answers.Plain(http, answer, e => new { queue = RouteText.Name(name), estimatedWaitTime = e.WaitSeconds, resultCode = e.ResultCode, mode = e.Mode });
    }

    private static async Task<IResult> ListAsync(HttpContext http, QueueService service) =>
        Answers.Ok(new { queues = (await service.ListAsync(http.Caller().Tenant)).Select(Shape) });

    private static async Task<IResult> GetAsync(HttpContext http, string name, QueueService service) =>
        Answers.Plain(http, await service.FindAsync(http.Caller().Tenant, RouteText.Name(name)), Shape);

    private static async Task<IResult> AddAsync(HttpContext http, string name, QueueService service)
    {
        var caller = http.Caller();
        return Answers.Plain(http, await service.AddAsync(caller.Tenant, RouteText.Name(name), await JsonBody.ReadAsync(http), caller.Name), Shape);
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, string name, QueueService service)
    {
        var caller = http.Caller();
        return Answers.Plain(http, await service.ChangeAsync(caller.Tenant, RouteText.Name(name), await JsonBody.ReadAsync(http), caller.Name), Shape);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, string name, QueueService service)
    {
        var caller = http.Caller();
        return Answers.Plain(http, await service.DeleteAsync(caller.Tenant, RouteText.Name(name), caller.Name), version => new { queue = RouteText.Name(name), version, deleted = true });
    }

    /// <summary>The settings, with the queue's name and the version of its settings in front. PATCH takes the settings only.</summary>
    private static object Shape(StoredQueue queue)
    {
        var shown = new Dictionary<string, object> { ["queue"] = queue.Name, ["version"] = queue.Version };
        foreach (var field in JsonSerializer.Deserialize<JsonElement>(QueueSettingsJson.Write(queue.Settings)).EnumerateObject()) shown[field.Name] = field.Value;
        return shown;
    }
}
