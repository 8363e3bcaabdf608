using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Firebase;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Firebase.Api;

/// <summary>The calls of the Firebase slice: store and look at credentials, and check them. What is stored is never shown again.</summary>
internal static class CredentialEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var credentials = app.MapGroup("/management/v1/credentials/firebase").RequireRights(ApiRights.Credentials);
        credentials.MapGet("", GetAsync);
        credentials.MapPut("", PutAsync);
        credentials.MapPost("/check", CheckAsync);
    }

    /// <summary>The last test is the later of check and browser test: both belong to the version in force.</summary>
    private static async Task<IResult> GetAsync(HttpContext http, CredentialService service, CredentialTest test)
    {
        var view = await service.GetAsync(http.Caller().Tenant, http.RequestAborted);
        return Answers.Ok(view.Configured && await test.LastAsync(http.Caller().Tenant, http.RequestAborted) is { } last ? view.With(last) : view);
    }

    private static async Task<IResult> PutAsync(HttpContext http, CredentialService service, CredentialParser parser)
    {
        var caller = http.Caller();
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var force = fields.Bool("force") ?? false;
        var file = fields.Object("serviceAccount");
        var (project, email, key) = file is null
            ? (fields.RequiredText("projectName", 64), fields.RequiredText("clientEmail", 320), fields.RequiredText("privateKey", JsonBody.MaxBytes))
            : ("", "", "");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        var parsed = file is { } json ? parser.ParseServiceAccount(json) : parser.Parse(project, email, key);
        if (parsed.Fault is { } unusable) return Answers.Refuse(http, unusable);
        return Answers.Plain(http, await service.SetAsync(caller.Tenant, parsed.Value, caller.Name, force, http.RequestAborted), view => view);
    }

    /// <summary>The check that needs no browser (rule A8): a dry run against FCM with the stored credentials.</summary>
    private static async Task<IResult> CheckAsync(HttpContext http, CredentialService service) =>
        Answers.Plain(http, await service.TestAsync(http.Caller().Tenant, http.RequestAborted), result => result switch
        {
            CheckResult.Passed => new { result = "passed", code = (string?)null, detail = (string?)null },
            CheckResult.Refused refused => new { result = "refused", code = (string?)refused.Code, detail = (string?)refused.Remedy },
            CheckResult.Undecided undecided => new { result = "undecided", code = (string?)undecided.Code, detail = (string?)undecided.Remedy },
            _ => throw new InvalidOperationException("CheckResult is closed."),
        });
}
