using System.Globalization;
using System.Text.Json;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Server.Web;

namespace Ringback.Server.Access.Api;

/// <summary><c>GET /management/v1/audit</c>: what was done, by whom, the newest first.</summary>
internal static class AuditEndpoints
{
    private const int MostEntries = 200;

    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/management/v1/audit", ListAsync).RequireRights(ApiRights.Management);

    private static async Task<IResult> ListAsync(HttpContext http, IAuditStore audit)
    {
        var query = http.Request.Query;
        Guid? before = null;
        if (query["before"].ToString() is { Length: > 0 } text)
        {
            if (!Guid.TryParseExact(text, "D", out var id)) return Answers.Refuse(http, Problems.InvalidParameters.With("before must be the id of an entry."));
            before = id;
        }
        var limit = 50;
        if (query["limit"].ToString() is { Length: > 0 } number && (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostEntries))
            return Answers.Refuse(http, Problems.InvalidParameters.With($"limit must be a whole number from 1 to {MostEntries}."));
        var entries = await audit.ListAsync(http.Caller().Tenant, before, limit);
        return Answers.Ok(new { entries = entries.Select(e => new { id = e.Id, at = e.At, by = e.By, action = e.Action, detail = JsonSerializer.Deserialize<JsonElement>(e.Detail) }) });
    }
}
