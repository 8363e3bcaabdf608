using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Callbacks.Api;

/// <summary>The calls of the Callbacks slice.</summary>
internal static class CallbackEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var engagement = app.MapGroup("/engagement/v3").RequireRights(ApiRights.Engagement);
        engagement.MapPost("/callbacks/create", CreateCallback.HandleAsync);
        engagement.MapPost("/callbacks/cancel", CancelAsync);
        engagement.MapPost("/callbacks/retrieve", RetrieveAsync);
        engagement.MapPost("/callbacks/confirm", WishApi.ConfirmAsync);
        engagement.MapPost("/callbacks/snooze", WishApi.SnoozeAsync);
        engagement.MapPost("/callbacks/reschedule", WishApi.RescheduleAsync);
        engagement.MapPost("/callbacks/push-targets", WishApi.ReplaceTargetsAsync);
        engagement.MapGet("/estimated-wait-time", EstimateAsync);

        var agent = app.MapGroup("/management/v1").RequireRights(ApiRights.Agent);
        agent.MapPost("/queues/{name}/next", AttemptApi.NextAsync);
        agent.MapPost("/attempts/{attemptId}/extend", AttemptApi.ExtendAsync);
        agent.MapPost("/attempts/{attemptId}/outcome", AttemptApi.OutcomeAsync);
        agent.MapGet("/callbacks/{id}/timeline", TimelineAsync);
        agent.MapGet("/callbacks/{id}/why", SupervisorApi.WhyAsync);

        var supervisor = app.MapGroup("/management/v1/callbacks/{id}").RequireRights(ApiRights.Management);
        supervisor.MapPost("/cancel", SupervisorApi.CancelAsync);
        supervisor.MapPost("/purge", SupervisorApi.PurgeAsync);
    }

    private static async Task<IResult> CancelAsync(HttpContext http, CallbackService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var id = fields.RequiredId("id");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.CancelAsync(http.Caller().Tenant, id), cancelled => new { id = cancelled });
    }

    private static async Task<IResult> RetrieveAsync(HttpContext http, CallbackService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var id = fields.RequiredId("id");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.RetrieveAsync(http.Caller().Tenant, id), status => new
        {
            id,
            desiredTime = status.Callback.DesiredAt,
            callbackState = status.Callback.State,
            callbackReason = status.Callback.Reason,
            phoneNumber = status.Callback.PhoneNumber,
            positionInQueue = status.Position,
            estimatedWaitTime = status.WaitSeconds,
            callInGroup = status.CallInGroup,
        });
    }

    /// <summary>Wire-contract 7. <c>include-calls-on-hold</c> is taken and changes nothing: calls on hold count as waiting in the reports.</summary>
    private static async Task<IResult> EstimateAsync(HttpContext http, QueueService service)
    {
        var names = http.Request.Query["virtual-queues"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names.Length is 0 or > 50) return Answers.Refuse(http, Problems.InvalidParameters.With("virtual-queues must name 1 to 50 queues, separated by commas."));
        if (names.Any(n => n.Contains('\0', StringComparison.Ordinal))) return Answers.Refuse(http, Problems.InvalidParameters.With("virtual-queues must not contain the character U+0000."));
        EwtMode? mode = http.Request.Query["mode"].ToString() switch { "" or "mode2" => EwtMode.Mode2, "mode1" => EwtMode.Mode1, "mode3" => EwtMode.Mode3, _ => null };
        if (mode is null) return Answers.Refuse(http, Problems.InvalidParameters.With("mode must be mode1, mode2 or mode3."));

        var estimates = new List<object>();
        foreach (var name in names)
        {
            var answer = await service.EstimateAsync(http.Caller().Tenant, name, mode.Value);
            if (answer.Fault is { } fault) return Answers.Refuse(http, fault);
            estimates.Add(new { virtualQueue = name, estimatedWaitTime = answer.Value.WaitSeconds, message = MessageOf(answer.Value.ResultCode), resultCode = answer.Value.ResultCode });
        }
        return Answers.Envelope(http, estimates);
    }

    private static async Task<IResult> TimelineAsync(HttpContext http, string id, CallbackService service)
    {
        if (!Guid.TryParseExact(id, "D", out var callbackId)) return Answers.Refuse(http, Problems.CallbackNotFound.With("The id in the address is no UUID."));
        return Answers.Plain(http, await service.TimelineAsync(http.Caller().Tenant, callbackId), entries => new { entries });
    }

    private static string MessageOf(int resultCode) => resultCode switch
    {
        0 => "Valid estimate.",
        -2 => "No agents are logged in.",
        _ => "Nothing has been in the queue yet to estimate from.",
    };
}
