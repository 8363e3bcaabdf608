using Microsoft.AspNetCore.Http.Features;
using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Server.Web;

/// <summary>
/// Gives every request its correlation id and makes every failure an answer of ours: an unknown path, a wrong method, an unreadable or oversized body,
/// a database that is away, a bug. No stack trace and no empty answer leaves the program.
/// </summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        http.TraceIdentifier = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        await AnswerAsync(http);
        // The call by its pattern: what a stranger wrote into a path stays out of the log.
        var (level, call) = (http.Response.StatusCode >= StatusCodes.Status400BadRequest ? LogLevel.Information : LogLevel.Debug, http.GetEndpoint()?.DisplayName ?? "an unknown path");
        Log.Answered(logger, level, http.TraceIdentifier, call, http.Response.StatusCode);
    }

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            await next(http);
            if (http.Response.HasStarted) return;
            if (IsApi(http))
            {
                if (FaultOf(http.Response) is { } fault) await AnswerAsync(http, fault);
            }
            else if (http.Response is { StatusCode: >= 400, ContentType: null, ContentLength: null } && ErrorPages.Wanted(http))
            {
                await ErrorPages.WriteAsync(http, http.Response.StatusCode);
            }
        }
        catch (ProblemException problem)
        {
            await AnswerAsync(http, problem.Fault);
        }
        catch (BadHttpRequestException bad)
        {
            await AnswerAsync(http, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Problems.BodyTooLarge.With($"The body must have at most {http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? JsonBody.MaxBytes} bytes.")
                : Problems.MalformedBody.With("The request could not be read to its end."));
        }
        catch (StorageException away)
        {
            Log.StorageFailed(logger, http.TraceIdentifier, away);
            await AnswerAsync(http, Problems.StorageUnavailable.With("The database cannot be reached. Send the same request again.") with { RetryAfter = TimeSpan.FromSeconds(1) });
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (Exception bug)
        {
            Log.RequestFailed(logger, http.TraceIdentifier, http.Request.Method, http.Request.Path, bug);
            // The key ring cannot be opened without the master key, and the framework wraps what it was told.
            await AnswerAsync(http, bug.GetBaseException() is ProblemException { Fault: var told } ? told : Problems.Internal.With("The error was logged under this correlation id."));
        }
    }

    private static bool IsApi(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/engagement", StringComparison.OrdinalIgnoreCase) || http.Request.Path.StartsWithSegments("/management", StringComparison.OrdinalIgnoreCase);

    private static Fault? FaultOf(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status404NotFound => Problems.UnknownPath.With("docs/api/README.md of the program's source lists the calls that there are."),
        StatusCodes.Status405MethodNotAllowed => Problems.WrongMethod.With(
            response.Headers.Allow is { Count: > 0 } allow ? $"This path takes {allow}." : "docs/api/README.md of the program's source names the method of this call."),
        _ => null,
    };

    private static async Task AnswerAsync(HttpContext http, Fault fault)
    {
        if (http.Response.HasStarted) http.Abort();
        else if (!IsApi(http) && ErrorPages.Wanted(http)) await ErrorPages.WriteAsync(http, fault.Problem.Status, fault.Problem == Problems.Internal ? null : fault.Detail);
        else await Answers.Refuse(http, fault).ExecuteAsync(http);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = ServerEventIds.RequestAnswered, Message = "Request {CorrId}: {Call} was answered with {Status}.")]
        public static partial void Answered(ILogger logger, LogLevel level, string corrId, string call, int status);

        [LoggerMessage(ServerEventIds.RequestFailed, LogLevel.Error, "Request {CorrId} failed: {Method} {Path}.")]
        public static partial void RequestFailed(ILogger logger, string corrId, string method, string path, Exception bug);

        [LoggerMessage(ServerEventIds.StorageFailed, LogLevel.Error, "Request {CorrId} found the database away.")]
        public static partial void StorageFailed(ILogger logger, string corrId, Exception away);
    }
}

/// <summary>Ids of the server's own log messages, from 5000.</summary>
internal static class ServerEventIds
{
    public const int RequestFailed = 5000;
    public const int StorageFailed = 5001;
    public const int RequestAnswered = 5002;
}
