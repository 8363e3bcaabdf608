using Ringback.Engine.Callbacks;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Callbacks.Api;

/// <summary>What an app may want of a callback that is not over: confirm, snooze, reschedule, other push targets (docs/api).</summary>
internal static class WishApi
{
    private const int LongestSnoozeMinutes = 60;

    public static async Task<IResult> ConfirmAsync(HttpContext http, WishService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var id = fields.RequiredId("id");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.ConfirmAsync(http.Caller().Tenant, id), confirmed => new { id = confirmed });
    }

    public static async Task<IResult> SnoozeAsync(HttpContext http, WishService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var id = fields.RequiredId("id");
        var minutes = fields.RequiredInt("minutes", 1, LongestSnoozeMinutes);
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.SnoozeAsync(http.Caller().Tenant, id, TimeSpan.FromMinutes(minutes)), until => new { id, returnTime = until });
    }

    public static async Task<IResult> RescheduleAsync(HttpContext http, WishService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var id = fields.RequiredId("id");
        var desired = fields.Instant("desiredTime");
        if (desired is null) fields.Wrong("desiredTime", "is missing");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.RescheduleAsync(http.Caller().Tenant, id, desired!.Value), given => new { id, desiredTime = given });
    }

    public static async Task<IResult> ReplaceTargetsAsync(HttpContext http, WishService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var id = fields.RequiredId("id");
        var targets = CreateCallback.Targets(fields);
        if (targets.Count == 0) fields.Wrong("pushTargets", "must name 1 to 10 targets");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.ReplaceTargetsAsync(http.Caller().Tenant, id, targets), changed => new { id = changed });
    }
}
