using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Server.Web;

namespace Ringback.Server.Access.Api;

/// <summary>Lets a request through only with an API key that has the right of its group of calls.</summary>
internal static class ApiKeyFilter
{
    private static readonly object callerKey = new();

    /// <summary>Asks for a key with these rights on every call of the group.</summary>
    public static TBuilder RequireRights<TBuilder>(this TBuilder builder, ApiRights rights) where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var reader = http.RequestServices.GetRequiredService<ApiKeyReader>();
            var header = http.Request.Headers["x-api-key"];
            if (header.Count != 1 || await reader.ReadAsync(header[0]) is not { } caller)
                return Answers.Refuse(http, Problems.ApiKeyMissing.With("Send the header x-api-key with a key of this installation."));
            if (!caller.May(rights))
                return Answers.Refuse(http, Problems.RightMissing.With($"This call needs a key with the right '{Name(rights)}'."));
            http.Items[callerKey] = caller;
            return await next(context);
        });

    /// <summary>Who speaks; only behind <see cref="RequireRights"/>.</summary>
    public static ApiCaller Caller(this HttpContext http) => (ApiCaller)http.Items[callerKey]!;

    private static string Name(ApiRights rights) => rights switch
    {
        ApiRights.Engagement => "engagement",
        ApiRights.Agent => "agent",
        ApiRights.Credentials => "credentials",
        ApiRights.Publish => "publish",
        _ => "management",
    };
}
