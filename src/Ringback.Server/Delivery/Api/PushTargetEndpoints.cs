using Ringback.Engine.Access;
using Ringback.Engine.Delivery;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Delivery.Api;

/// <summary><c>POST /management/v1/push-targets/revive</c>: undoes what Firebase said of addresses.</summary>
internal static class PushTargetEndpoints
{
    private const int MaxProject = 64;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/management/v1/push-targets/revive", ReviveAsync).RequireRights(ApiRights.Management);

    private static async Task<IResult> ReviveAsync(HttpContext http, PushTargetService targets)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var from = fields.Instant("from");
        if (from is null) fields.Wrong("from", "is missing");
        var to = fields.Instant("to");
        var project = fields.Text("project", MaxProject);
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Plain(http, await targets.ReviveAsync(http.Caller().Tenant, from!.Value, to, project, http.Caller().Name), revived => new { revived });
    }
}
