using System.Text.Json;
using System.Text.RegularExpressions;
using Ringback.FcmEmulator.Devices;
using Ringback.FcmEmulator.Hosting;
using Ringback.FcmEmulator.Send;

namespace Ringback.FcmEmulator.Web;

/// <summary>The Firebase installations API, as far as the web SDK uses it.</summary>
internal sealed partial class InstallationEndpoints(InstallationTokens tokens, DeviceRegistry devices, WebApps apps)
{
    private const int MaxAppIdLength = 200;

    public static void Map(WebApplication app)
    {
        var endpoints = ActivatorUtilities.CreateInstance<InstallationEndpoints>(app.Services);
        app.MapPost("/v1/projects/{project}/installations", (RequestDelegate)endpoints.CreateAsync);
        app.MapPost("/v1/projects/{project}/installations/{fid}/authTokens:generate", (RequestDelegate)endpoints.GenerateAsync);
        app.MapDelete("/v1/projects/{project}/installations/{fid}", (RequestDelegate)endpoints.DeleteAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var project = (string)context.Request.RouteValues["project"]!;
        using var body = await JsonBody.ReadAsync(context);
        var refused = ApiKeys.Refuse(context.Request, ApiKeys.Installations, project) ?? RefuseBody(body);
        if (refused is not null)
        {
            await RpcAnswer.RefuseAsync(context, refused);
            return;
        }
        var root = body!.RootElement;
        // An SDK that has no good id of its own leaves it to the server.
        var fid = Text(root, "fid") is { } given && Fid().IsMatch(given) ? given : DeviceEndpoints.NewFid();
        var installation = new Installation(project, fid, Text(root, "appId")!);
        if (apps.IsForeign(installation))
        {
            await RpcAnswer.RefuseAsync(context, new RpcStatus(403, "PERMISSION_DENIED", "The caller does not have permission"));
            return;
        }
        await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", $"projects/{project}/installations/{fid}");
            json.WriteString("fid", fid);
            json.WriteString("refreshToken", InstallationTokens.Refresh(installation));
            json.WriteStartObject("authToken");
            WriteAuth(json, installation);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private async Task GenerateAsync(HttpContext context)
    {
        if (await ReadOwnerAsync(context) is { } installation)
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                WriteAuth(json, installation);
                json.WriteEndObject();
            });
        }
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (await ReadOwnerAsync(context) is { } installation)
        {
            devices.MarkGone(installation.Fid);
            await JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                json.WriteEndObject();
            });
        }
    }

    /// <summary>The installation that the refresh token and the path agree on; null after an answer that refuses.</summary>
    private async Task<Installation?> ReadOwnerAsync(HttpContext context)
    {
        var route = context.Request.RouteValues;
        if (ApiKeys.Refuse(context.Request, ApiKeys.Installations, (string)route["project"]!) is { } refused)
        {
            await RpcAnswer.RefuseAsync(context, refused);
            return null;
        }
        if (tokens.TryReadRefresh(context.Request.Headers.Authorization.ToString(), out var installation)
            && installation.ProjectId == (string)route["project"]! && installation.Fid == (string)route["fid"]!)
        {
            return installation;
        }
        await RpcAnswer.RefuseAsync(context, Refusals.Unauthenticated);
        return null;
    }

    private static RpcStatus? RefuseBody(JsonDocument? body)
        => body is not { RootElement: { ValueKind: JsonValueKind.Object } root } ? Refusals.MalformedJson
            : Text(root, "authVersion") != "FIS_v2" ? Refusals.Schema([new FieldViolation("authVersion", "Invalid value at 'authVersion'")])
            : Text(root, "appId") is not { Length: <= MaxAppIdLength } appId || !WebAppId().IsMatch(appId)
                ? Refusals.Schema([new FieldViolation("appId", "Invalid value at 'appId': a web app has 1:<number>:web:<hex>")])
            : null;

    private void WriteAuth(Utf8JsonWriter json, Installation installation)
    {
        json.WriteString("token", tokens.Auth(installation));
        json.WriteString("expiresIn", FormattableString.Invariant($"{InstallationTokens.LifeSeconds}s"));
    }

    private static string? Text(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>As the SDK itself checks it: 22 letters of base64url, the first from four bits of 0111 and two of its own.</summary>
    [GeneratedRegex("^[cdef][A-Za-z0-9_-]{21}$", RegexOptions.CultureInvariant)]
    private static partial Regex Fid();

    /// <summary>The app id of an Android or Apple app here is the usual mistake.</summary>
    [GeneratedRegex("^1:[0-9]+:web:[0-9a-f]+$", RegexOptions.CultureInvariant)]
    private static partial Regex WebAppId();
}
