using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Sends pushes by FCM's HTTP v1 API: one HTTP/2 request a message.</summary>
internal sealed partial class FcmSender(
    Credentials credentials,
    TokenExchange exchange,
    FirebaseHttp http,
    IOptions<FirebaseOptions> options,
    [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock,
    ILogger<FcmSender> logger) : IPushSender
{
    private static readonly MediaTypeHeaderValue json = new("application/json");

    /// <inheritdoc/>
    public async ValueTask<SendOutcome> SendAsync(TenantId tenant, PushMessage message, PushTarget target, CancellationToken cancellation)
    {
        var answer = await credentials.GetAsync(tenant, cancellation);
        if (answer is OpenAnswer.Blocked blocked) return blocked.Outcome;
        var opened = ((OpenAnswer.Ready)answer).Opened;
        var outcome = await SendAsync(opened, message, target, cancellation);
        if (opened.Note(outcome)) Log.CredentialFault(logger, tenant, opened.Credential.ProjectName, ((SendOutcome.CredentialFault)outcome).Code);
        return outcome;
    }

    /// <summary>Tries credentials that need not be stored: a fresh token and a dry run that no device receives.</summary>
    public async Task<SendOutcome> CheckAsync(FirebaseCredential credential, CancellationToken cancellation) =>
        await exchange.FetchAsync(credential, cancellation) switch
        {
            TokenAnswer.Token token => await PostAsync(SendUri(options.Value, credential.ProjectName), token, FcmMessageWriter.WriteCheck(), credential.ProjectName, cancellation),
            TokenAnswer.Refused refused => refused.Fault,
            TokenAnswer.Unavailable unavailable => unavailable.Outcome,
            var other => throw new InvalidOperationException(other.GetType().Name),
        };

    /// <summary>Sends a body that is no callback's push, once, with the credentials in force. For tests: nothing of it is retried or kept.</summary>
    public async Task<SendOutcome> SendOnceAsync(OpenedCredential opened, ReadOnlyMemory<byte> body, CancellationToken cancellation) =>
        await opened.Tokens.GetAsync(cancellation) switch
        {
            TokenAnswer.Token token => await PostAsync(opened.SendUri, token, body, opened.Credential.ProjectName, cancellation),
            TokenAnswer.Refused refused => refused.Fault,
            TokenAnswer.Unavailable unavailable => unavailable.Outcome,
            var other => throw new InvalidOperationException(other.GetType().Name),
        };

    /// <summary>Where messages of a project go.</summary>
    public static Uri SendUri(FirebaseOptions options, string project) =>
        new($"{options.SendEndpoint.AbsoluteUri.TrimEnd('/')}/v1/projects/{Uri.EscapeDataString(project)}/messages:send");

    private async ValueTask<SendOutcome> SendAsync(OpenedCredential opened, PushMessage message, PushTarget target, CancellationToken cancellation)
    {
        for (var first = true; ; first = false)
        {
            var answer = await opened.Tokens.GetAsync(cancellation);
            if (answer is TokenAnswer.Refused refused) return refused.Fault;
            if (answer is TokenAnswer.Unavailable unavailable) return unavailable.Outcome;
            var token = (TokenAnswer.Token)answer;

            // Step 8. From here until the answer is recorded a crash leaves open whether Firebase has the message; the resend carries the same notificationId.
            CrashPoints.Reach(CrashPoints.BeforeSend);
            var body = FcmMessageWriter.Write(message, target, clock.GetUtcNow());
            var outcome = await PostAsync(opened.SendUri, token, body, opened.Credential.ProjectName, cancellation);
            CrashPoints.Reach(CrashPoints.AfterSend);
            if (outcome is not SendOutcome.CredentialFault { Code: CredentialFaults.AccessToken } || !first) return outcome;
            opened.Tokens.Forget(token);
        }
    }

    private async Task<SendOutcome> PostAsync(Uri uri, TokenAnswer.Token token, ReadOnlyMemory<byte> body, string project, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact, // Over http:// this is HTTP/2 with prior knowledge.
            Content = new ReadOnlyMemoryContent(body),
        };
        request.Content.Headers.ContentType = json;
        request.Headers.TryAddWithoutValidation("Authorization", token.Authorization.Reveal());
        request.Headers.TryAddWithoutValidation("X-GOOG-API-FORMAT-VERSION", "2"); // Errors come as google.rpc.Status, with details.
        return await http.SendAsync(request, cancellation) switch
        {
            WireAnswer.Received { IsSuccess: true } received when NameIn(received.Body) is { } name => new SendOutcome.Accepted(name),
            WireAnswer.Received { IsSuccess: true } => new SendOutcome.Unavailable("UNREADABLE_ANSWER", null), // A proxy's page; Firebase has not said that it took the message.
            WireAnswer.Received received => FcmErrorMap.Map(received.Status, received.Body, received.RetryAfter, project),
            WireAnswer.Failed failed => new SendOutcome.Unavailable(failed.Code, null),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };
    }

    private static string? NameIn(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("name"u8))
                    return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
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
