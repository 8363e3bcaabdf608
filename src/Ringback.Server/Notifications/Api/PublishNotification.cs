using System.Text;
using System.Text.Json;
using Ringback.Engine.Delivery;
using Ringback.Server.Access.Api;
using Ringback.Server.Callbacks.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Notifications.Api;

/// <summary><c>POST /engagement/v3/notifications/publish</c> (docs/api): a message that the caller wrote, sent once while it waits.</summary>
internal static class PublishNotification
{
    /// <summary>Firebase takes 4096 bytes of data and notification; beside them stand the settings of each platform.</summary>
    private const int MaxEventBytes = 16 * 1024;

    /// <summary>What names a target in Firebase's form. It has its own fields here; a second one would be refused or, as a topic, reach everybody.</summary>
    private static readonly string[] targetNames = ["token", "fid", "topic", "condition"];

    public static async Task<IResult> HandleAsync(HttpContext http, PublishService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var target = CreateCallback.Target(fields, "channel", "target");
        var message = Event(fields);
        var validateOnly = fields.Bool("validate_only") ?? false;
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return Answers.Envelope(http, await service.PublishAsync(http.Caller().Tenant, new DirectMessage(target, message, validateOnly), http.RequestAborted), name => new { name });
    }

    private static JsonElement Event(JsonFields fields)
    {
        var message = fields.ObjectOrText("event");
        if (message is not { } given) return default;
        if (Encoding.UTF8.GetByteCount(given.GetRawText()) > MaxEventBytes) fields.Wrong("event", $"must have at most {MaxEventBytes} bytes");
        else if (!given.EnumerateObject().Any()) fields.Wrong("event", "must hold a notification or data");
        else if (targetNames.FirstOrDefault(name => given.TryGetProperty(name, out _)) is { } name) fields.Wrong("event", $"must not hold {name}: the target is named beside it");
        return given;
    }
}
