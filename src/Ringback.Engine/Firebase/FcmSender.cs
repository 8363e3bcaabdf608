using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Sends pushes by FCM's HTTP v1 API: one HTTP/2 request a message.</summary>
internal sealed partial class FcmSender(
    Credentials credentials,
    FirebaseHttp http,
    IOptions<FirebaseOptions> options,
    [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock,
    ILogger<FcmSender> logger) : IPushSender
{
    private const int MaxName = 400; // projects/…/messages/… is below 120. It is stored, so nothing else may pass for it.

    private static readonly MediaTypeHeaderValue json = new("application/json");
    private static readonly SendOutcome timedOut = new SendOutcome.Unavailable("TIMEOUT", null);

    /// <inheritdoc/>
    public ValueTask<SendOutcome> SendAsync(TenantId tenant, PushMessage message, PushTarget target, TimeSpan patience, CancellationToken cancellation) =>
        SendAsync(tenant, new DecidedMessage(message, target), patience, DeliveryOptions.LeastForRequest, cancellation);

    /// <inheritdoc/>
    public ValueTask<SendOutcome> SendAsync(TenantId tenant, DirectMessage message, TimeSpan patience, CancellationToken cancellation) =>
        SendAsync(tenant, new PublishedMessage(message), patience, TimeSpan.Zero, cancellation); // Somebody waits for the answer, and no longer than that.

    /// <summary>One method from the credentials to the outcome: each that waits for the answer by itself would cost a fiftieth of a send.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<SendOutcome> SendAsync<TMessage>(TenantId tenant, TMessage message, TimeSpan patience, TimeSpan leastForRequest, CancellationToken cancellation)
        where TMessage : struct, IFcmMessage
    {
        var begun = clock.GetTimestamp();
        // By then the request has begun, or it is not made: one without its time would be given up, and perhaps shown twice.
        var untilRequest = patience - leastForRequest;
        var opening = credentials.GetAsync(CredentialKey.Of(tenant, message.App), cancellation);
        var open = opening.IsCompletedSuccessfully ? opening.Result : await WithinAsync(opening.AsTask(), untilRequest, cancellation);
        if (open is OpenAnswer.Blocked blocked) return blocked.Outcome;
        if (open is not OpenAnswer.Ready { Opened: var opened }) return timedOut;
        for (var isFirst = true; ; isFirst = false)
        {
            var asking = opened.Tokens.GetAsync(cancellation);
            var answer = asking.IsCompletedSuccessfully ? asking.Result : await WithinAsync(asking.AsTask(), untilRequest - clock.GetElapsedTime(begun), cancellation);
            var left = untilRequest - clock.GetElapsedTime(begun);
            if (answer is not TokenAnswer.Token token || left < TimeSpan.Zero) return Noted(opened, tenant, WithoutToken(answer));

            // Step 8. From here until the answer is recorded a crash leaves open whether Firebase has the message; the resend carries the same notificationId.
            CrashPoints.Reach(CrashPoints.BeforeSend);
            var body = FcmBody.Of(message, clock.GetUtcNow());
            using var request = Request(opened.SendUri, token, body);
            var wire = await http.SendAsync(request, left + leastForRequest, cancellation);
            if (wire is WireAnswer.Received) body.Recycle();
            CrashPoints.Reach(CrashPoints.AfterSend);
            var outcome = OutcomeOf(wire, opened.Credential.ProjectName);
            if (outcome is not SendOutcome.CredentialFault { Code: CredentialFaults.AccessToken } || !isFirst) return Noted(opened, tenant, outcome);
            opened.Tokens.Forget(token);
        }
    }

    private static SendOutcome WithoutToken(TokenAnswer? answer) => answer switch
    {
        TokenAnswer.Refused refused => refused.Fault,
        TokenAnswer.Unavailable unavailable => unavailable.Outcome,
        _ => timedOut,
    };

    private SendOutcome Noted(OpenedCredential opened, TenantId tenant, SendOutcome outcome)
    {
        if (opened.Note(outcome)) Log.CredentialFault(logger, tenant, opened.Credential.ProjectName, ((SendOutcome.CredentialFault)outcome).Code);
        return outcome;
    }

    /// <summary>A dry run that no device receives, with a token that may be of credentials that are not stored.</summary>
    public Task<SendOutcome> DryRunAsync(string project, TokenAnswer.Token token, CancellationToken cancellation) =>
        PostOnceAsync(SendUri(options.Value, project), token, FcmMessageWriter.WriteCheck(), project, cancellation);

    /// <summary>Sends a body that is no callback's push, once, with the credentials in force. For tests: nothing of it is retried or kept.</summary>
    public async Task<SendOutcome> SendOnceAsync(OpenedCredential opened, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        await opened.Tokens.GetAsync(cancellation) switch
        {
            TokenAnswer.Token token => await PostOnceAsync(opened.SendUri, token, body, opened.Credential.ProjectName, cancellation),
            TokenAnswer.Refused refused => refused.Fault,
            TokenAnswer.Unavailable unavailable => unavailable.Outcome,
            var other => throw new InvalidOperationException(other.GetType().Name),
        };

    private async Task<SendOutcome> PostOnceAsync(Uri uri, TokenAnswer.Token token, ReadOnlyMemory<byte> body, string project, CancellationToken cancellation)
    {
        using var request = Request(uri, token, new ReadOnlyMemoryContent(body));
        request.Content!.Headers.ContentType = json;
        return OutcomeOf(await http.SendAsync(request, cancellation), project);
    }

    /// <summary>Where messages of a project go.</summary>
    public static Uri SendUri(FirebaseOptions options, string project) =>
        new($"{options.SendEndpoint.AbsoluteUri.TrimEnd('/')}/v1/projects/{Uri.EscapeDataString(project)}/messages:send");

    /// <summary>What the task gives, or null where it takes too long. Only for what is rarely waited for: a send that finds everything ready spends no timer on it.</summary>
    private async Task<T?> WithinAsync<T>(Task<T> task, TimeSpan patience, CancellationToken cancellation) where T : class
    {
        if (patience <= TimeSpan.Zero) return null;
        try
        {
            return await task.WaitAsync(patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return task.IsCompletedSuccessfully ? task.Result : null;
        }
    }

    private static HttpRequestMessage Request(Uri uri, TokenAnswer.Token token, HttpContent body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact, // Over http:// this is HTTP/2 with prior knowledge.
            Content = body,
        };
        request.Headers.TryAddWithoutValidation("Authorization", token.Authorization.Reveal());
        request.Headers.TryAddWithoutValidation("X-GOOG-API-FORMAT-VERSION", "2"); // Errors come as google.rpc.Status, with details.
        return request;
    }

    private static SendOutcome OutcomeOf(WireAnswer answer, string project) => answer switch
    {
        WireAnswer.Received { IsSuccess: true } received when NameIn(received.Body) is { } name => new SendOutcome.Accepted(name),
        WireAnswer.Received { IsSuccess: true } => new SendOutcome.Unavailable("UNREADABLE_ANSWER", null), // A proxy's page; Firebase has not said that it took the message.
        WireAnswer.Received received => FcmErrorMap.Map(received.Status, received.Body, received.RetryAfter, project),
        WireAnswer.Failed failed => new SendOutcome.Unavailable(failed.Code, null),
        var other => throw new InvalidOperationException(other.GetType().Name),
    };

    private static string? NameIn(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("name"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: <= MaxName } name && Ascii.IsValid(name) && !name.AsSpan().ContainsAnyInRange('\0', ' ') ? name : null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not Firebase's answer.
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(3020, LogLevel.Error, "Tenant {Tenant}: project {Project} cannot be sent for: {Code}")]
        public static partial void CredentialFault(ILogger logger, TenantId tenant, string project, string code);
    }
}
