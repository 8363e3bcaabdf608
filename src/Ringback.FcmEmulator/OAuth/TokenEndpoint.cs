using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.OAuth;

/// <summary><c>POST /token</c>: a signed assertion in, an access token out.</summary>
internal static class TokenEndpoint
{
    private const string JwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    public static void Map(WebApplication app)
    {
        var check = app.Services.GetRequiredService<AssertionCheck>();
        var tokens = app.Services.GetRequiredService<AccessTokens>();
        app.MapPost("/token", (RequestDelegate)(context => ExchangeAsync(context, check, tokens)));
    }

    private static async Task ExchangeAsync(HttpContext context, AssertionCheck check, AccessTokens tokens)
    {
        var refusal = await ReadFormAsync(context) is not { } form ? OAuthRefusal.NotAForm : Refuse(form);
        if (refusal is not null)
        {
            await RefuseAsync(context, refusal);
            return;
        }
        var ownUrl = $"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}";
        if (!check.Passes(context.Request.Form["assertion"].ToString(), ownUrl, out var projectId, out refusal))
        {
            await RefuseAsync(context, refusal);
            return;
        }
        context.Response.Headers.CacheControl = "no-store";
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("access_token", tokens.Issue(projectId));
            json.WriteNumber("expires_in", (int)AccessTokens.Lifetime.TotalSeconds);
            json.WriteString("token_type", "Bearer");
            json.WriteEndObject();
        });
    }

    private static async Task<IFormCollection?> ReadFormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static OAuthRefusal? Refuse(IFormCollection form)
        => form["grant_type"].ToString() switch
        {
            "" => OAuthRefusal.GrantTypeMissing,
            not JwtBearer => OAuthRefusal.GrantType,
            _ => form["assertion"].ToString().Length == 0 ? OAuthRefusal.AssertionMissing : null,
        };

    private static Task RefuseAsync(HttpContext context, OAuthRefusal refusal)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, json =>
        {
            json.WriteStartObject();
            json.WriteString("error", refusal.Error);
            json.WriteString("error_description", refusal.Description);
            json.WriteEndObject();
        });
}
