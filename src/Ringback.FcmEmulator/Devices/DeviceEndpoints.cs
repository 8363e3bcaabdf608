using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Devices;

/// <summary><c>/devices</c>: registers tokens without an app, ends their lives, and shows what became of each.</summary>
internal static class DeviceEndpoints
{
    private const int Shown = 500;
    private const int MaxNameLength = 4096;

    public static void Map(WebApplication app)
    {
        var devices = app.Services.GetRequiredService<DeviceRegistry>();
        app.MapPost("/devices", (RequestDelegate)(context => AddAsync(context, devices)));
        app.MapGet("/devices", (RequestDelegate)(context => ListAsync(context, devices)));
        app.MapDelete("/devices/{target}", (RequestDelegate)(context => DeleteAsync(context, devices)));
    }

    /// <summary>A token as Google makes them: the installation id, a colon, and a long random part.</summary>
    public static string NewToken(string fid) => $"{fid}:APA91b{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(100))}";

    /// <summary>22 letters; the first four bits are 0111, as in every installation id that the SDKs make.</summary>
    public static string NewFid()
    {
        var bytes = RandomNumberGenerator.GetBytes(17);
        bytes[0] = (byte)(0x70 | (bytes[0] & 0x0f));
        return Base64Url.EncodeToString(bytes)[..22];
    }

    private static async Task AddAsync(HttpContext context, DeviceRegistry devices)
    {
        using var body = await JsonBody.ReadAsync(context);
        if (Read(body) is not { } device)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest,
                "The body must be {\"projectId\":…}; token and fid are optional and are made up if absent.");
            return;
        }
        devices.Register(device);
        await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, json => Write(json, device));
    }

    private static Device? Read(JsonDocument? body)
    {
        if (body is not { RootElement: { ValueKind: JsonValueKind.Object } root }
            || root.EnumerateObject().Any(field => field.Name is not ("projectId" or "token" or "fid")
                || field.Value.ValueKind != JsonValueKind.String
                || field.Value.GetString() is not { Length: > 0 and <= MaxNameLength })
            || !root.TryGetProperty("projectId", out var project)
            || !ServiceAccountFile.IsProjectId(project.GetString()!))
        {
            return null;
        }
        var fid = root.TryGetProperty("fid", out var givenFid) ? givenFid.GetString()! : NewFid();
        var token = root.TryGetProperty("token", out var givenToken) ? givenToken.GetString()! : NewToken(fid);
        return new Device(token, fid, project.GetString()!, Web: null);
    }

    private static Task ListAsync(HttpContext context, DeviceRegistry devices)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("devices");
            foreach (var device in devices.List(Shown))
            {
                Write(json, device);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static Task DeleteAsync(HttpContext context, DeviceRegistry devices)
    {
        if (!devices.MarkGone((string)context.Request.RouteValues["target"]!))
        {
            return JsonAnswer.ErrorAsync(context, StatusCodes.Status404NotFound, "There is no such device.");
        }
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static void Write(Utf8JsonWriter json, Device device)
    {
        json.WriteStartObject();
        json.WriteString("projectId", device.ProjectId);
        json.WriteString("token", device.Token);
        json.WriteString("fid", device.Fid);
        json.WriteString("kind", device.Web is null ? "named" : "web");
        json.WriteString("state", device.IsGone ? "unregistered" : "registered");
        json.WriteEndObject();
    }
}
