using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Callbacks.Api;

/// <summary><c>POST /management/v1/personal-data/erase</c> and <c>…/export</c> (rule F3). The number stands in the body: an address is written into the logs of proxies.</summary>
internal static class PersonalDataEndpoints
{
    private const int MaxAddressBytes = 4_096;

    public static void Map(IEndpointRouteBuilder app)
    {
        var data = app.MapGroup("/management/v1/personal-data").RequireRights(ApiRights.Management);
        data.MapPost("/erase", EraseAsync);
        data.MapPost("/export", ExportAsync);
    }

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

    private static async Task<IResult> ExportAsync(HttpContext http, PersonalData data)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var number = fields.RequiredText("phoneNumber", PhoneNumberReader.MaxLength);
        var after = fields.Id("after");
        var limit = fields.Int("limit", 1, PersonalData.MostExported) ?? PersonalData.MostExported;
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Plain(http, await data.ExportAsync(http.Caller().Tenant, number, after, limit, http.Caller().Name), KeptDataShape.Of);
    }
}
