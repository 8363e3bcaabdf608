using System.Globalization;
using Ringback.FcmEmulator.Clock;
using Ringback.FcmEmulator.Send;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>
/// The outermost layer: dates every answer by the emulator's clock (a sender that corrects its own clock reads that header) and turns what
/// went wrong outside of an endpoint into JSON.
/// </summary>
internal sealed partial class AnswerFaults(RequestDelegate next, EmulatorClock clock, ILogger<AnswerFaults> logger)
{
    /// <summary>The header of the second that it was made for: a second has thousands of answers.</summary>
    private volatile DateText _date = new(0, "");

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.Date = Date();
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed })
            {
                await JsonAnswer.ErrorAsync(context, context.Response.StatusCode, "There is nothing here for this path and method.");
            }
        }
        catch (BadHttpRequestException bad) when (!context.Response.HasStarted)
        {
            await RpcAnswer.RefuseAsync(context, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? Refusals.BodyTooLarge
                : new RpcStatus(bad.StatusCode, "INVALID_ARGUMENT", "The request could not be read."));
        }
        catch (IOException failure) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Log.NotKept(logger, failure);
            await RpcAnswer.RefuseAsync(context, Refusals.Internal);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away: nobody is left to answer, and it is no fault of ours.
        }
    }

    private string Date()
    {
        var now = clock.GetDate();
        var second = now.ToUnixTimeSeconds();
        var date = _date;
        if (date.Second != second)
        {
            _date = date = new DateText(second, now.ToString("R", CultureInfo.InvariantCulture));
        }
        return date.Text;
    }

    private sealed record DateText(long Second, string Text);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A request failed because the data file could not be written")]
        public static partial void NotKept(ILogger logger, Exception failure);
    }
}
