using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Counters;
using Ringback.FcmEmulator.Devices;
using Ringback.FcmEmulator.Faults;
using Ringback.FcmEmulator.Hosting;
using Ringback.FcmEmulator.Inbox;
using Ringback.FcmEmulator.OAuth;
using Ringback.FcmEmulator.WebPush;

namespace Ringback.FcmEmulator.Send;

/// <summary><c>POST /v1/projects/{project}/messages:send</c>.</summary>
internal sealed class SendEndpoint(
    FaultSwitch outage, FaultRules rules, FaultEffects effects, AccessTokens tokens, AccountRegistry accounts, ProjectQuota quota,
    DeviceRegistry devices, WebPushDelivery browsers, FlakyCounts flaky, MessageInbox inbox, SendCounters counters, EmulatorOptions options, TimeProvider clock)
{
    private const string Bearer = "Bearer ";

    public static void Map(WebApplication app)
    {
        var endpoint = ActivatorUtilities.CreateInstance<SendEndpoint>(app.Services);
        app.MapPost("/v1/projects/{project}/messages:send", (RequestDelegate)endpoint.SendAsync);
    }

    private async Task SendAsync(HttpContext context)
    {
        var project = (string)context.Request.RouteValues["project"]!;

        // Check 1: an outage comes before everything that Google's front end would look at.
        if (outage.Current is Fault.Unavailable gone)
        {
            await RefuseAsync(context, project, null, Refusals.Unavailable(gone.RetryAfterSeconds));
            return;
        }
        // Check 2: who sends, and may the project send any more this minute?
        if (RefuseCaller(context.Request, project) is { } refused)
        {
            await RefuseAsync(context, project, null, refused);
            return;
        }
        if (quota.Take(project) is { } seconds)
        {
            await RefuseAsync(context, project, null, Refusals.ProjectQuotaExceeded(project, seconds));
            return;
        }
        // Check 3: is it a message?
        using var body = await JsonBody.ReadAsync(context);
        SendRequest? request = null;
        refused = body is null ? Refusals.MalformedJson : SendRequest.TryRead(body.RootElement, out request, out var bad) ? null : bad;
        if (request is null)
        {
            await RefuseAsync(context, project, null, refused!);
            return;
        }
        // Check 4: does a rule of the control API strike?
        if (rules.Strike(project, request.Token) is { } rule)
        {
            await StrikeAsync(context, project, request, rule);
            return;
        }
        // Check 5: what the registered life or the beginning of the token says.
        await DecideAsync(context, project, request, corrupt: false);
    }

    private RpcStatus? RefuseCaller(HttpRequest request, string project)
    {
        var authorization = request.Headers.Authorization.ToString();
        return !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || !tokens.TryFind(authorization.AsSpan(Bearer.Length), out var grant) ? Refusals.Unauthenticated
            : grant.ProjectId == project ? null
            : accounts.KnowsProject(project) ? Refusals.PermissionDenied(project)
            : Refusals.UnknownProject;
    }

    private async Task StrikeAsync(HttpContext context, string project, SendRequest request, FaultRule rule)
    {
        var name = rule.AcceptFirst ? Accept(project, request) : null;
        await effects.WaitAsync(rule.Latency, context.RequestAborted);
        if (rule.Effect is not (FaultEffect.None or FaultEffect.SlowBody or FaultEffect.CorruptPush))
        {
            counters.Count(project, request.Token, rule.Effect is FaultEffect.Error error ? error.Name : rule.Effect.GetType().Name);
        }
        if (await effects.ApplyAsync(context, rule, project))
        {
            return;
        }
        if (name is not null)
        {
            await AnswerAsync(context, project, request, name);
            return;
        }
        await DecideAsync(context, project, request, corrupt: rule.Effect is FaultEffect.CorruptPush);
    }

    private async Task DecideAsync(HttpContext context, string project, SendRequest request, bool corrupt)
    {
        Device? device = null;
        var dead = request.Token is null ? null
            : devices.TryFind(request.Token, out device) ? RefuseDevice(project, device)
            : options.RegisteredOnly ? Refusals.Unregistered : null;
        if (device is { Web: { } web } && dead is null && !request.ValidateOnly)
        {
            // The browser's push service has the message before the sender has an answer, and may say that nobody is there.
            dead = await DeliverAsync(device, web, request, corrupt, context.RequestAborted);
        }
        if (dead is not null)
        {
            await RefuseAsync(context, project, request.Token, dead);
            return;
        }
        switch (TargetBehaviour.Of(request.Token, project))
        {
            case TargetBehaviour.Refuse refuse:
                await RefuseAsync(context, project, request.Token, refuse.Status);
                break;
            case TargetBehaviour.AnswerHtml html:
                counters.Count(project, request.Token, $"HTML {html.Status}");
                await FaultEffects.WriteHtmlAsync(context, html.Status);
                break;
            case TargetBehaviour.RefuseFirst first when flaky.RefusesAgain(request.Token!, request.NotificationId ?? "", first.Times):
                await RefuseAsync(context, project, request.Token, first.Status);
                break;
            case TargetBehaviour.AcceptAndAnswerAfter late:
                var name = Accept(project, request);
                await effects.WaitAsync(late.Delay, context.RequestAborted);
                await AnswerAsync(context, project, request, name);
                break;
            case TargetBehaviour.Accept or TargetBehaviour.RefuseFirst:
                await AnswerAsync(context, project, request, Accept(project, request));
                break;
            case var other:
                throw new InvalidOperationException($"No answer for {other.GetType().Name}");
        }
    }

    private static RpcStatus? RefuseDevice(string project, Device device)
        => device.ProjectId != project ? Refusals.SenderIdMismatch
            : device.IsGone ? Refusals.Unregistered
            : null;

    private async Task<RpcStatus?> DeliverAsync(Device device, WebSubscription web, SendRequest request, bool corrupt, CancellationToken aborted)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now).ToString();
        switch (await browsers.DeliverAsync(device, web, WebMessage.Of(request.Message, web.SenderId, id), corrupt, aborted))
        {
            case PushOutcome.Taken:
                return null;
            case PushOutcome.Gone:
                devices.MarkGone(request.Token!);
                return Refusals.Unregistered;
            case PushOutcome.KeyRefused:
                return Refusals.ThirdPartyAuthError;
            case PushOutcome.TooLarge:
                return Refusals.InvalidArgument(new FieldViolation("message", "Message is too big: encrypted it has more than 4096 bytes"));
            default:
                return Refusals.Unavailable(null);
        }
    }

    /// <summary>Once this returns the message is in the inbox and in its file, so a sender that sees an answer can rely on both.</summary>
    private string Accept(string project, SendRequest request)
    {
        var message = inbox.Add(project, request.ValidateOnly, request.Token, JsonMarshal.GetRawUtf8Value(request.Message));
        return request.ValidateOnly
            ? $"projects/{project}/messages/fake_message_id"
            : string.Create(CultureInfo.InvariantCulture,
                $"projects/{project}/messages/0:{message.ReceivedAt.ToUnixTimeMilliseconds()}%{message.Sequence:x16}");
    }

    private Task RefuseAsync(HttpContext context, string project, string? target, RpcStatus status)
    {
        counters.Count(project, target, status.Name);
        return RpcAnswer.RefuseAsync(context, status);
    }

    private async Task AnswerAsync(HttpContext context, string project, SendRequest request, string name)
    {
        counters.Count(project, request.Token, SendCounters.Accepted);
        // The one answer that is given by the hundred thousand. A name has nothing that JSON would escape: projects are checked when their
        // accounts are registered.
        var body = Encoding.ASCII.GetBytes($"{{\"name\":\"{name}\"}}");
        context.Response.ContentType = "application/json; charset=UTF-8";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }
}
