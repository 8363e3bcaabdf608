using System.Globalization;
using System.Text.Json;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Hosting;
using Ringback.FcmEmulator.Inbox;
using Ringback.FcmEmulator.OAuth;

namespace Ringback.FcmEmulator.Send;

/// <summary><c>POST /v1/projects/{project}/messages:send</c>.</summary>
internal sealed class SendEndpoint(
    FaultSwitch faults, AccessTokens tokens, AccountRegistry accounts, FlakyCounts flaky, MessageInbox inbox, TimeProvider clock,
    IHostApplicationLifetime lifetime)
{
    private const string Bearer = "Bearer ";

    public static void Map(WebApplication app)
    {
        var endpoint = ActivatorUtilities.CreateInstance<SendEndpoint>(app.Services);
        app.MapPost("/v1/projects/{project}/messages:send", (RequestDelegate)endpoint.SendAsync);
    }

    private async Task SendAsync(HttpContext context)
    {
        if (faults.Current is Fault.Unavailable gone)
        {
            await RpcAnswer.RefuseAsync(context, Refusals.Unavailable(gone.RetryAfterSeconds));
            return;
        }
        var project = (string)context.Request.RouteValues["project"]!;
        if (RefuseCaller(context.Request, project) is { } refused)
        {
            await RpcAnswer.RefuseAsync(context, refused);
            return;
        }
        using var body = await JsonBody.ReadAsync(context);
        if (body is null)
        {
            await RpcAnswer.RefuseAsync(context, Refusals.MalformedJson);
        }
        else if (!SendRequest.TryRead(body.RootElement, out var request, out refused))
        {
            await RpcAnswer.RefuseAsync(context, refused);
        }
        else
        {
            await DecideAsync(context, project, request);
        }
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

    private async Task DecideAsync(HttpContext context, string project, SendRequest request)
    {
        switch (TargetBehaviour.Of(request.Token))
        {
            case TargetBehaviour.Refuse refuse:
                await RpcAnswer.RefuseAsync(context, refuse.Status);
                break;
            case TargetBehaviour.RefuseFirst first when flaky.RefusesAgain(request.Token!, request.NotificationId ?? "", first.Times):
                await RpcAnswer.RefuseAsync(context, first.Status);
                break;
            case TargetBehaviour.AcceptAndAnswerAfter late:
                var name = Accept(project, request);
                await WaitAsync(late.Delay, context.RequestAborted);
                await AnswerAsync(context, name);
                break;
            case TargetBehaviour.Accept or TargetBehaviour.RefuseFirst:
                await AnswerAsync(context, Accept(project, request));
                break;
            case var other:
                throw new InvalidOperationException($"No answer for {other.GetType().Name}");
        }
    }

    /// <summary>Once this returns the message is in the inbox and in its file, so a sender that sees an answer can rely on both.</summary>
    private string Accept(string project, SendRequest request)
    {
        var message = inbox.Add(project, request.ValidateOnly, request.Token, request.Message);
        return request.ValidateOnly
            ? $"projects/{project}/messages/fake_message_id"
            : string.Create(CultureInfo.InvariantCulture,
                $"projects/{project}/messages/0:{message.ReceivedAt.ToUnixTimeMilliseconds()}%{message.Sequence:x16}");
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken aborted)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(delay, clock, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more, or the emulator stops: the message is in, so answer at once.
        }
    }

    private static Task AnswerAsync(HttpContext context, string name)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteEndObject();
        });
}
