using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Hosting;
using Ringback.FcmEmulator.WebPush;

namespace Ringback.FcmEmulator.Web;

/// <summary><c>/webpush-keys/PROJECT</c>: the public key to give to the SDK's <c>vapidKey</c>.</summary>
internal static class WebPushKeyEndpoints
{
    public static void Map(WebApplication app)
    {
        var keys = app.Services.GetRequiredService<WebPushKeys>();
        app.MapGet("/webpush-keys/{project}", (RequestDelegate)(context =>
        {
            var project = (string)context.Request.RouteValues["project"]!;
            return ServiceAccountFile.IsProjectId(project) && keys.Of(project) is { } key
                ? JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
                {
                    json.WriteStartObject();
                    json.WriteString("projectId", project);
                    json.WriteString("publicKey", Vapid.PublicKey(key));
                    json.WriteEndObject();
                })
                : JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "That is no project id, or there are too many projects.");
        }));
    }
}
