using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Delivery.Api;

/// <summary><c>/management/v1/delivery</c>: how delivery stands, and pauses.</summary>
internal static class PauseEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var delivery = app.MapGroup("/management/v1/delivery").RequireRights(ApiRights.Management);
        delivery.MapGet("", ShowAsync);
        delivery.MapPost("/pause", PauseAsync);
        delivery.MapPost("/resume", ResumeAsync);
    }

    private static async Task<IResult> ShowAsync(HttpContext http, DeliveryPauses pauses, DeliveryLoop loop)
    {
        var tenant = http.Caller().Tenant;
        return Answers.Ok(new
        {
            pauses = (await pauses.ListAsync(tenant)).Select(pause => new { queue = pause.Queue.Length == 0 ? null : pause.Queue, pausedAt = pause.At, pausedBy = pause.By }),
            // Of the process that answers; the others have lanes of their own.
            lanes = loop.Lanes().Where(lane => lane.Key.Tenant == tenant).Select(lane => new
            {
                app = lane.Key.App,
                waiting = lane.Waiting,
                inFlight = lane.InFlight,
                circuit = lane.Circuit,
                circuitCode = lane.CircuitCode,
                openUntil = lane.OpenUntil,
                perSecond = Math.Round(lane.PerSecond, 1),
                quotaPerSecond = Math.Round(lane.QuotaPerSecond, 1),
                deadMarkingStopped = lane.IsDeadMarkingStopped,
            }),
        });
    }

    private static async Task<IResult> PauseAsync(HttpContext http, DeliveryPauses pauses, DeliveryLoop loop, QueueService queues)
    {
        var queue = await QueueAsync(http, queues, mustExist: true);
        if (queue.Fault is { } fault) return Answers.Refuse(http, fault);
        await pauses.PauseAsync(http.Caller().Tenant, queue.Value, http.Caller().Name);
        return await ShowAsync(http, pauses, loop);
    }

    /// <summary>Also for a queue that is gone: its pause must not stay for ever.</summary>
    private static async Task<IResult> ResumeAsync(HttpContext http, DeliveryPauses pauses, DeliveryLoop loop, QueueService queues)
    {
        var queue = await QueueAsync(http, queues, mustExist: false);
        if (queue.Fault is { } fault) return Answers.Refuse(http, fault);
        await pauses.ResumeAsync(http.Caller().Tenant, queue.Value, http.Caller().Name);
        return await ShowAsync(http, pauses, loop);
    }

    /// <summary>The queue's name as it is stored, or an empty one for all of the tenant.</summary>
    private static async Task<Answer<string>> QueueAsync(HttpContext http, QueueService queues, bool mustExist)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var name = fields.Text("queue", QueueName.MaxLength);
        if (fields.Fault is { } fault) return fault;
        if (name is null || !mustExist) return name ?? "";
        var found = await queues.FindAsync(http.Caller().Tenant, name);
        return found.Fault is { } unknown ? unknown : found.Value.Name;
    }
}
