using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Delivery.Api;

/// <summary><c>/management/v1/deliveries</c>: what became of pushes, why one waits, and sending one again.</summary>
internal static class DeliveriesEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var deliveries = app.MapGroup("/management/v1/deliveries").RequireRights(ApiRights.Management);
        deliveries.MapGet("", ListAsync);
        deliveries.MapGet("/{notificationId}", FindAsync);
        deliveries.MapPost("/{notificationId}/send-again", SendAgainAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, PushLogService pushes, CredentialService credentials, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, CancellationToken cancellation)
    {
        var tenant = http.Caller().Tenant;
        var projects = await PushProjects.OfAsync(credentials, tenant, cancellation);
        var query = new PushQuery(name => http.Request.Query[name].ToString(), projects, clock.Now());
        var filter = query.Read();
        if (query.Fault is { } fault) return Answers.Refuse(http, fault);
        var found = await pushes.ListAsync(tenant, filter);
        return Answers.Ok(new
        {
            deliveries = found.Select(push => Shape(push, projects)),
            next = found.Count == filter.Limit ? found[^1].Message.NotificationId : (Guid?)null,
        });
    }

    private static async Task<IResult> FindAsync(HttpContext http, string notificationId, PushLogService pushes, CredentialService credentials, CancellationToken cancellation)
    {
        if (!Guid.TryParseExact(notificationId, "D", out var id)) return Answers.Refuse(http, NoId);
        var tenant = http.Caller().Tenant;
        var projects = await PushProjects.OfAsync(credentials, tenant, cancellation);
        return Answers.Plain(http, await pushes.FindAsync(tenant, id), view => Shape(view, projects));
    }

    private static async Task<IResult> SendAgainAsync(HttpContext http, string notificationId, PushLogService pushes) =>
        Guid.TryParseExact(notificationId, "D", out var id)
            ? Answers.Plain(http, await pushes.SendAgainAsync(http.Caller().Tenant, id, http.Caller().Name), newId => new { notificationId = newId })
            : Answers.Refuse(http, NoId);

    private static Fault NoId => Problems.PushNotFound.With("The id in the address is no UUID.");

    private static object Shape(PushView view, PushProjects projects) => new
    {
        delivery = Shape(view.Push, projects),
        waits = view.Reasons.Select(reason => new { code = reason.Code, text = reason.Text, until = reason.Until }),
        end = PushEnd.Of(view.Push.State, view.Push.LastCode) is { } end ? new { meaning = end.Meaning, next = end.Next } : null,
        message = new
        {
            title = PushText.Words(view.Push.Message, view.Push.Message.Title),
            body = PushText.Words(view.Push.Message, view.Push.Message.Body),
            presentation = view.Push.Message.Presentation,
            sequence = view.Push.Message.Sequence,
            data = PushText.Data(view.Push.Message).ToDictionary(),
        },
    };

    private static object Shape(LoggedPush push, PushProjects projects) => new
    {
        notificationId = push.Message.NotificationId,
        @event = push.Message.Event,
        callbackId = push.Message.CallbackId,
        queue = push.Message.ServiceName,
        state = PushText.StateName(push.State),
        attempts = push.Attempts,
        code = push.LastCode,
        codeAt = push.LastAt,
        project = projects.Of(push),
        round = push.Round < 0 ? (int?)null : push.Round,
        sentAgain = push.Round < 0 ? -push.Round : (int?)null,
        target = push.Target is { } target ? new { ordinal = push.TargetOrdinal, type = target.Type, address = target.Address, state = target.State } : null,
        occurredAt = push.Message.OccurredAt,
        expiresAt = push.Message.ExpiresAt,
        nextAt = push.State == OutboxState.Pending ? push.NextAt : null,
        finishedAt = push.FinishedAt,
    };
}
