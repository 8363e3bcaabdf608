using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Callbacks.Api;

/// <summary><c>POST /management/v1/personal-data/erase</c> (rule F3).</summary>
internal static class PersonalDataEndpoints
{
    private const int MaxAddressBytes = 4_096;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/management/v1/personal-data/erase", EraseAsync).RequireRights(ApiRights.Management);

    private static async Task<IResult> EraseAsync(HttpContext http, PersonalData data)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var number = fields.Text("phoneNumber", PhoneNumberReader.MaxLength);
        var target = fields.Raw("target") is null ? null : fields.RequiredBytes("target", MaxAddressBytes);
        if (number is null == target is null) fields.Wrong("phoneNumber", "or target must be given, and not both");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        var caller = http.Caller();
        var answer = number is not null ? await data.EraseByNumberAsync(caller.Tenant, number, caller.Name) : await data.EraseByAddressAsync(caller.Tenant, target!, caller.Name);
        return Answers.Plain(http, answer, erased => new { callbacks = erased.Callbacks, callIns = erased.CallIns, inUse = erased.InUse });
    }
}
