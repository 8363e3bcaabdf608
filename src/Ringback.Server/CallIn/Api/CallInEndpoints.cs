using System.Text.Json;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.CallIn;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Callbacks.Api;
using Ringback.Server.Web;

namespace Ringback.Server.CallIn.Api;

/// <summary>The calls of the CallIn slice (docs/api).</summary>
internal static class CallInEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/engagement/v3/call-in/requests/create", CreateAsync).RequireRights(ApiRights.Engagement);
        app.MapPost("/management/v1/call-in/match", MatchAsync).RequireRights(ApiRights.Agent);

        var groups = app.MapGroup("/management/v1/settings/call-in-groups").RequireRights(ApiRights.Management);
        groups.MapGet("", async (HttpContext http, ICallInStore store) => Answers.Ok(new { groups = await store.ListGroupsAsync(http.Caller().Tenant) }));
        groups.MapPut("/{name}", SaveGroupAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext http, CallInService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var request = new CallInRequest
        {
            GroupName = fields.RequiredText("groupName", 64),
            FromPhoneNumber = fields.Text("fromPhoneNumber", PhoneNumberReader.MaxLength),
            UserDataJson = fields.Object("userData") is { } data ? CreateCallback.UserDataJson(data) : null,
            CallbackId = fields.Id("callbackServiceId"),
        };
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.CreateAsync(http.Caller().Tenant, request), given => new
        {
            id = given.Id,
            toPhoneNumber = given.ToPhoneNumber,
            groupName = given.GroupName,
            expirationTime = given.ExpiresAt.ToUnixTimeMilliseconds(),
            accessCode = given.AccessCode,
            fromPhoneNumber = given.FromPhoneNumber,
            callbackServiceId = given.CallbackId,
        });
    }

    private static async Task<IResult> MatchAsync(HttpContext http, CallInMatcher matcher)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var call = new IncomingCall(
            fields.Text("accessCode", 10), fields.Text("fromPhoneNumber", PhoneNumberReader.MaxLength), fields.Text("toPhoneNumber", PhoneNumberReader.MaxLength), fields.Text("queue", QueueName.MaxLength));
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Plain(http, await matcher.MatchAsync(http.Caller().Tenant, call), match => new
        {
            matchedBy = match.MatchedBy,
            callInId = match.Request?.Id,
            callbackId = match.CallbackId,
            attemptId = match.AttemptId,
            merged = match.Merged ? true : (bool?)null,
            groupName = match.Request?.GroupName,
            userData = match.UserDataJson is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : (JsonElement?)null,
        });
    }

    private static async Task<IResult> SaveGroupAsync(HttpContext http, string name, CallInService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var numbers = new List<string>();
        var items = fields.Array("phoneNumbers", 50);
        for (var i = 0; i < items.Count; i++)
        {
            var read = items[i].ValueKind == JsonValueKind.String ? PhoneNumberReader.Read(items[i].GetString()!, "US") : default;
            if (read is { Fault: null, Value: { } number }) numbers.Add(number);
            else fields.Wrong($"phoneNumbers[{i}]", "must be a phone number in E.164");
        }
        if (RouteText.Name(name).Length > 64) fields.Wrong("name", "must have at most 64 characters");
        var group = new CallInGroup
        {
            Name = RouteText.Name(name),
            PhoneNumbers = numbers,
            AccessCodeDigits = fields.Int("accessCodeDigits", 0, 9) ?? 0,
            ExpirySeconds = fields.Int("expirySeconds", 10, 86_400) ?? 300,
        };
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Plain(http, await service.SaveGroupAsync(http.Caller().Tenant, group), saved => saved);
    }
}
