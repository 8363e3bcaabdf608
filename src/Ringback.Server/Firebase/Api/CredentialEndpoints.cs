using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Firebase.Api;

/// <summary>
/// The calls of the Firebase slice: store credentials and look at them, check them, rotate them. What is stored is never shown again. Every call exists for the default
/// app and, with its name in the address, for each other app of the tenant.
/// </summary>
internal static class CredentialEndpoints
{
    private const string Path = "/management/v1/credentials/firebase";
    private const int MaxHistory = 100;

    public static void Map(IEndpointRouteBuilder app)
    {
        var credentials = app.MapGroup(Path).RequireRights(ApiRights.Credentials);
        credentials.MapGet("/apps", ListAppsAsync);
        credentials.MapDelete("/{app}", DeleteAsync).AddEndpointFilter(RefuseNoAppAsync);
        foreach (var prefix in (string[])["", "/{app}"])
        {
            var calls = credentials.MapGroup(prefix).AddEndpointFilter(RefuseNoAppAsync);
            calls.MapGet("", GetAsync);
            calls.MapPut("", PutAsync);
            calls.MapPost("/check", CheckAsync);
            calls.MapPost("/next/check", CheckNextAsync);
            calls.MapDelete("/next", async (HttpContext http, CredentialService service) =>
                Answers.Plain(http, await service.DiscardNextAsync(KeyOf(http), http.Caller().Name, http.RequestAborted), view => view));
            calls.MapPost("/confirm", async (HttpContext http, CredentialService service) =>
                Answers.Plain(http, await service.ConfirmAsync(KeyOf(http), http.Caller().Name, http.RequestAborted), view => view));
            calls.MapPost("/return", ReturnAsync);
            calls.MapGet("/history", HistoryAsync);
        }
    }

    private static CredentialKey KeyOf(HttpContext http) => CredentialKey.Of(http.Caller().Tenant, http.Request.RouteValues["app"] as string);

    /// <summary>A call with the wrong method would else be taken for the name of an app.</summary>
    private static async ValueTask<object?> RefuseNoAppAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        FirebaseAppName.Mistake(KeyOf(call.HttpContext).App) is null
            ? await next(call)
            : Answers.Refuse(call.HttpContext, Problems.UnknownPath.With("There is no such call, and no Firebase app can have that name. See docs/api/README.md."));

    private static async Task<IResult> ListAppsAsync(HttpContext http, CredentialService service) =>
        Answers.Ok(new { apps = await service.AppsAsync(http.Caller().Tenant, http.RequestAborted) });

    /// <summary>Only an app that no queue sends for.</summary>
    private static async Task<IResult> DeleteAsync(HttpContext http, CredentialService service, QueueService queues)
    {
        var key = KeyOf(http);
        var user = (await queues.ListAsync(key.Tenant)).FirstOrDefault(queue => CredentialKey.Of(key.Tenant, queue.Settings.FirebaseApp) == key);
        return user is not null
            ? Answers.Refuse(http, Problems.FirebaseAppInUse.With($"The queue {user.Name} sends for it. Choose another app in its setting firebaseApp first."))
            : Answers.Plain(http, await service.DeleteAsync(key, http.Caller().Name, http.RequestAborted), view => view);
    }

    /// <summary>The last test is the later of check and browser test: both belong to the version in force. Only the default app is tested in a browser.</summary>
    private static async Task<IResult> GetAsync(HttpContext http, CredentialService service, CredentialTest test)
    {
        var key = KeyOf(http);
        var view = await service.GetAsync(key, http.RequestAborted);
        var hasTests = view.Configured && key.App == CredentialKey.DefaultApp;
        return Answers.Ok(hasTests && await test.LastAsync(key.Tenant, http.RequestAborted) is { } last ? view.With(last) : view);
    }

    private static async Task<IResult> PutAsync(HttpContext http, CredentialService service, CredentialParser parser)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var force = fields.Bool("force") ?? false;
        var confirm = fields.Bool("confirmProjectChange") ?? false;
        var file = fields.Object("serviceAccount");
        var (project, email, key) = file is null
            ? (fields.RequiredText("projectName", 64), fields.RequiredText("clientEmail", 320), fields.RequiredText("privateKey", JsonBody.MaxBytes))
            : ("", "", "");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        var parsed = file is { } json ? parser.ParseServiceAccount(json) : parser.Parse(project, email, key);
        if (parsed.Fault is { } unusable) return Answers.Refuse(http, unusable);
        var answer = await service.SetAsync(KeyOf(http), new CredentialOffer(parsed.Value, http.Caller().Name, force, confirm), http.RequestAborted);
        // What waits was taken, but is not in force: 202 says so to a caller that looks at the status alone.
        return answer is { Fault: null, Value.Next: not null }
            ? Results.Json(answer.Value, WireJson.Options, statusCode: StatusCodes.Status202Accepted)
            : Answers.Plain(http, answer, view => view);
    }

    /// <summary>The check that needs no browser (rule A8): a dry run against FCM with the stored credentials.</summary>
    private static async Task<IResult> CheckAsync(HttpContext http, CredentialService service) =>
        await JudgeAsync(http, service, await service.TestAsync(KeyOf(http), http.RequestAborted), next: false);

    private static async Task<IResult> CheckNextAsync(HttpContext http, CredentialService service) =>
        await JudgeAsync(http, service, await service.CheckNextAsync(KeyOf(http), http.Caller().Name, http.RequestAborted), next: true);

    private static async Task<IResult> ReturnAsync(HttpContext http, CredentialService service) =>
        http.Request.Query["force"].ToString() is var force && force is not ("" or "true" or "false")
            ? Answers.Refuse(http, Problems.InvalidParameters.With("force must be true or false."))
            : Answers.Plain(http, await service.ReturnAsync(KeyOf(http), http.Caller().Name, force == "true", http.RequestAborted), view => view);

    private static async Task<IResult> JudgeAsync(HttpContext http, CredentialService service, Answer<CheckResult> answer, bool next)
    {
        if (answer.Fault is { } fault) return Answers.Refuse(http, fault);
        var view = await service.GetAsync(KeyOf(http), http.RequestAborted);
        return Answers.Ok(CheckAnswer.Of(answer.Value, (next ? view.Next ?? view : view).ProjectName ?? ""));
    }

    private static async Task<IResult> HistoryAsync(HttpContext http, CredentialService service)
    {
        if (!Number(http, "before", int.MaxValue, out var before) || !Number(http, "limit", MaxHistory, out var limit))
            return Answers.Refuse(http, Problems.InvalidParameters.With($"before must be the number of an entry, and limit a number from 1 to {MaxHistory}."));
        var entries = await service.HistoryAsync(KeyOf(http), before, limit ?? MaxHistory, http.RequestAborted);
        return Answers.Ok(new { entries });
    }

    private static bool Number(HttpContext http, string name, int most, out int? number)
    {
        number = null;
        if (http.Request.Query[name].ToString() is not { Length: > 0 } text) return true;
        if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var given) || given < 1 || given > most) return false;
        number = given;
        return true;
    }
}
