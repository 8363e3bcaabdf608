using Ringback.Engine.Access;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Firebase.Api;

/// <summary>
/// The part of the browser test that needs no browser: one real push through the stored credentials to a token that the caller has. The test in the browser itself
/// runs over its page's circuit, which has the session, so there is no call here that a cookie could make.
/// </summary>
internal static class CredentialTestEndpoints
{
    private const int MaxTokenBytes = 4096;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/management/v1/credentials/firebase/test", SendAsync).RequireRights(ApiRights.Credentials);

    private static async Task<IResult> SendAsync(HttpContext http, CredentialTest test)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var target = fields.RequiredBytes("target", MaxTokenBytes);
        var type = fields.Text("targetType", 8) switch
        {
            null or "token" => PushTargetType.Token,
            "fid" => PushTargetType.Fid,
            _ => Unknown(fields),
        };
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Plain(http, await test.SendAsync(http.Caller().Tenant, new PushTarget(type, target), http.RequestAborted), refusal => refusal is null
            ? new { result = "accepted", code = (string?)null, reason = (string?)null, remedy = (string?)null, link = (string?)null }
            : new { result = "failed", code = (string?)refusal.Code, reason = (string?)refusal.Reason, remedy = (string?)refusal.Remedy, link = refusal.Link });
    }

    private static PushTargetType Unknown(JsonFields fields)
    {
        fields.Wrong("targetType", "must be token or fid");
        return default;
    }
}
