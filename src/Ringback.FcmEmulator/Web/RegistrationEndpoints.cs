using System.Buffers.Text;
using System.Text.Json;
using Ringback.FcmEmulator.Devices;
using Ringback.FcmEmulator.Hosting;
using Ringback.FcmEmulator.Send;
using Ringback.FcmEmulator.WebPush;

namespace Ringback.FcmEmulator.Web;

/// <summary>The FCM registrations API of the web SDK: getToken and register() create, the SDK's weekly refresh patches, deleteToken deletes.</summary>
internal sealed class RegistrationEndpoints(InstallationTokens tokens, DeviceRegistry devices, EmulatorOptions options)
{
    private const int MaxEndpointLength = 2048;

    public static void Map(WebApplication app)
    {
        var endpoints = ActivatorUtilities.CreateInstance<RegistrationEndpoints>(app.Services);
        app.MapPost("/v1/projects/{project}/registrations", (RequestDelegate)endpoints.CreateAsync);
        app.MapPatch("/v1/projects/{project}/registrations/{id}", (RequestDelegate)endpoints.UpdateAsync);
        app.MapDelete("/v1/projects/{project}/registrations/{id}", (RequestDelegate)endpoints.DeleteAsync);
    }

    private async Task CreateAsync(HttpContext context)
    {
        if (await ReadOwnerAsync(context) is { } installation && await ReadBodyAsync(context, installation) is { } body)
        {
            // Only register() names its version; it wants to be reached by installation id, getToken by the token.
            var device = body.NamesSdkVersion
                ? new Device(null, installation.Fid, installation.ProjectId, body.Web)
                : new Device(DeviceEndpoints.NewToken(installation.Fid), null, installation.ProjectId, body.Web);
            devices.Register(device);
            await AnswerAsync(context, installation, device.Token);
        }
    }

    private async Task UpdateAsync(HttpContext context)
    {
        if (await ReadOwnerAsync(context) is not { } installation || await FindOwnAsync(context, installation) is not { } device
            || await ReadBodyAsync(context, installation) is not { } body)
        {
            return;
        }
        devices.Register(device with { Web = body.Web, IsGone = false });
        await AnswerAsync(context, installation, device.Token);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (await ReadOwnerAsync(context) is { } installation && await FindOwnAsync(context, installation) is { } device)
        {
            devices.MarkGone(device.Token ?? device.Fid!);
            await AnswerAsync(context, installation, device.Token);
        }
    }

    private async Task<Installation?> ReadOwnerAsync(HttpContext context)
    {
        var request = context.Request;
        if (ApiKeys.Refuse(request, ApiKeys.Registrations, (string)request.RouteValues["project"]!) is { } refused)
        {
            await RpcAnswer.RefuseAsync(context, refused);
            return null;
        }
        if (tokens.TryReadAuth(request.Headers["x-goog-firebase-installations-auth"].ToString(), out var installation)
            && installation.ProjectId == (string)request.RouteValues["project"]!)
        {
            return installation;
        }
        await RpcAnswer.RefuseAsync(context, Refusals.Unauthenticated);
        return null;
    }

    /// <summary>The registration in the path, if it is one of this installation.</summary>
    private async Task<Device?> FindOwnAsync(HttpContext context, Installation installation)
    {
        var id = (string)context.Request.RouteValues["id"]!;
        if ((id == installation.Fid || id.StartsWith(installation.Fid + ":", StringComparison.Ordinal))
            && devices.TryFind(id, out var device) && device.ProjectId == installation.ProjectId)
        {
            return device;
        }
        await RpcAnswer.RefuseAsync(context, Refusals.UnknownProject);
        return null;
    }

    private async Task<RegistrationBody?> ReadBodyAsync(HttpContext context, Installation installation)
    {
        using var body = await JsonBody.ReadAsync(context);
        var violation = "web";
        if (body is { RootElement: { ValueKind: JsonValueKind.Object } root }
            && root.TryGetProperty("web", out var web) && web.ValueKind == JsonValueKind.Object
            && Read(web, installation.SenderId, out violation) is { } subscription)
        {
            return new RegistrationBody(subscription, root.TryGetProperty("fcm_sdk_version", out _));
        }
        await RpcAnswer.RefuseAsync(context, Refusals.InvalidArgument(new FieldViolation(violation, $"Invalid value at '{violation}'")));
        return null;
    }

    private WebSubscription? Read(JsonElement web, string senderId, out string violation)
    {
        violation = "web.endpoint";
        if (Text(web, "endpoint") is not { Length: <= MaxEndpointLength } address || !Uri.TryCreate(address, UriKind.Absolute, out var endpoint)
            || !IsAllowed(endpoint))
        {
            return null;
        }
        violation = "web.p256dh";
        if (Bytes(web, "p256dh") is not { Length: MessageEncryption.PublicKeyBytes } key || !P256.IsPoint(key))
        {
            return null;
        }
        violation = "web.auth";
        if (Bytes(web, "auth") is not { Length: MessageEncryption.AuthSecretBytes } auth)
        {
            return null;
        }
        return new WebSubscription(endpoint, key, auth, senderId);
    }

    /// <summary>A caller chooses where the emulator posts: this machine, or a push service that was named at the start.</summary>
    private bool IsAllowed(Uri endpoint)
        => endpoint.Scheme is "http" or "https" && (endpoint.IsLoopback || options.PushHosts.Contains(endpoint.Host));

    private static byte[]? Bytes(JsonElement web, string name)
    {
        try
        {
            return Text(web, name) is { } text ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name)
        => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Task AnswerAsync(HttpContext context, Installation installation, string? token)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", $"projects/{installation.ProjectId}/registrations/{installation.Fid}");
            if (token is not null)
            {
                json.WriteString("token", token);
            }
            json.WriteEndObject();
        });

    private sealed record RegistrationBody(WebSubscription Web, bool NamesSdkVersion);
}
