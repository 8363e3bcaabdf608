using System.Text.Json;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Accounts;

/// <summary><c>/accounts</c>: mint, register, list and revoke service accounts.</summary>
internal static class AccountEndpoints
{
    public static void Map(WebApplication app)
    {
        var accounts = app.Services.GetRequiredService<AccountRegistry>();
        app.MapPost("/accounts", (RequestDelegate)(context => AddAsync(context, accounts)));
        app.MapGet("/accounts", (RequestDelegate)(context => ListAsync(context, accounts)));
        app.MapDelete("/accounts/{email}", (RequestDelegate)(context => RevokeAsync(context, accounts)));
    }

    private static async Task AddAsync(HttpContext context, AccountRegistry accounts)
    {
        using var body = await JsonBody.ReadAsync(context);
        if (body is not { RootElement: { ValueKind: JsonValueKind.Object } root } || root.EnumerateObject().Count() != 1)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "The body must be {\"projectId\":…} or {\"serviceAccount\":{…}}.");
        }
        else if (root.TryGetProperty("serviceAccount", out var file))
        {
            await RegisterAsync(context, accounts, file);
        }
        else if (root.TryGetProperty("projectId", out var id) && id.ValueKind == JsonValueKind.String
            && ServiceAccountFile.IsProjectId(id.GetString()!))
        {
            await MintAsync(context, accounts, id.GetString()!);
        }
        else
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "projectId must be lower-case letters, digits and hyphens.");
        }
    }

    private static Task MintAsync(HttpContext context, AccountRegistry accounts, string projectId)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, json =>
            accounts.Register(ServiceAccountFile.Mint(projectId, new Uri($"{context.Request.Scheme}://{context.Request.Host}/token"), json)));

    private static Task RegisterAsync(HttpContext context, AccountRegistry accounts, JsonElement file)
    {
        if (!ServiceAccountFile.TryRead(file, out var account, out var problem))
        {
            return JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, $"serviceAccount: {problem}.");
        }
        accounts.Register(account);
        return JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, json => WriteAccount(json, account));
    }

    private static Task ListAsync(HttpContext context, AccountRegistry accounts)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("accounts");
            foreach (var account in accounts.List())
            {
                WriteAccount(json, account);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static Task RevokeAsync(HttpContext context, AccountRegistry accounts)
    {
        if (!accounts.Revoke((string)context.Request.RouteValues["email"]!))
        {
            return JsonAnswer.ErrorAsync(context, StatusCodes.Status404NotFound, "There is no such account.");
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static void WriteAccount(Utf8JsonWriter json, ServiceAccount account)
    {
        json.WriteStartObject();
        json.WriteString("projectId", account.ProjectId);
        json.WriteString("clientEmail", account.ClientEmail);
        json.WriteEndObject();
    }
}
