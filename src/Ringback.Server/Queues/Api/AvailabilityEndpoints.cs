using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Queues.Api;

/// <summary>Wire-contract 4, 5 and 6: what apps ask before they offer a callback (docs/api).</summary>
internal static class AvailabilityEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var callbacks = app.MapGroup("/engagement/v3/callbacks").RequireRights(ApiRights.Engagement);
        callbacks.MapGet("/availability/{name}", SlotsAsync);
        callbacks.MapGet("/open-for/{name}", OpenForAsync);
        callbacks.MapGet("/queue-status/{name}", StatusAsync);
    }

    private static async Task<IResult> SlotsAsync(HttpContext http, string name, AvailabilityService service, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
    {
        var fields = new TimeQuery(http.Request.Query, clock.Now());
        var (from, to) = fields.Range();
        var query = new SlotQuery(from, to, fields.Int("maxTimeSlots", 1, AvailabilityService.MostSlots) ?? AvailabilityService.MostSlots, fields.Flag("reportBusy"));
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.SlotsAsync(http.Caller().Tenant, RouteText.Name(name), query), list => new
        {
            slots = list.Slots.Select(slot => new { utcTime = slot.StartsAt, localTime = fields.Zone.Write(slot.StartsAt), capacity = slot.Free, total = slot.Total }),
            durationMin = list.SlotMinutes,
            timezone = fields.Zone.Id,
        });
    }

    private static async Task<IResult> OpenForAsync(HttpContext http, string name, AvailabilityService service, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
    {
        var fields = new TimeQuery(http.Request.Query, clock.Now());
        var at = fields.Instant("start", "startMS");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.OpenForAsync(http.Caller().Tenant, RouteText.Name(name), at), seconds => new { openFor = seconds });
    }

    private static async Task<IResult> StatusAsync(HttpContext http, string name, AvailabilityService service) =>
        Answers.Envelope(http, await service.OfferAsync(http.Caller().Tenant, RouteText.Name(name)), offer => new
        {
            ewt = offer.WaitSeconds,
            offerImmediateCallback = offer.Immediate,
            offerScheduledCallback = offer.Scheduled,
        });
}
