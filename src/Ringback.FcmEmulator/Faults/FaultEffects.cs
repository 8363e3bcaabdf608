using Ringback.FcmEmulator.Send;

namespace Ringback.FcmEmulator.Faults;

/// <summary>Carries out what a rule says.</summary>
internal sealed class FaultEffects(TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>Longer than the patience of any sender; a hanging request must not be there for ever.</summary>
    private static readonly TimeSpan LongestHang = TimeSpan.FromMinutes(30);

    /// <summary>True if the request is over; false if it goes on as if nothing had happened.</summary>
    public async Task<bool> ApplyAsync(HttpContext context, FaultRule rule, string projectId)
    {
        switch (rule.Effect)
        {
            case FaultEffect.None or FaultEffect.CorruptPush:
                return false;
            case FaultEffect.Error error:
                var status = KnownErrors.Of(error.Name, projectId);
                await RpcAnswer.RefuseAsync(context, error.RetryAfter is null ? status : status with { RetryAfter = error.RetryAfter });
                return true;
            case FaultEffect.Hang:
                await WaitAsync(LongestHang, context.RequestAborted);
                context.Abort();
                return true;
            case FaultEffect.Reset:
                context.Abort();
                return true;
            case FaultEffect.Html502:
                await WriteHtmlAsync(context, StatusCodes.Status502BadGateway);
                return true;
            case FaultEffect.SlowBody slow:
                context.Response.Body = new TricklingStream(context.Response.Body, slow.Over, WaitAsync);
                return false;
            case var other:
                throw new InvalidOperationException($"No action for {other.GetType().Name}");
        }
    }

    /// <summary>Waits by the clock; ends early when the client goes away or the emulator stops.</summary>
    public async Task WaitAsync(TimeSpan delay, CancellationToken aborted)
    {
        if (delay <= TimeSpan.Zero)
        {
            return;
        }
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(delay, clock, ends.Token);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits any more, or the emulator stops: the caller goes on at once.
        }
    }

    /// <summary>What a load balancer or a captive portal answers: a sender that parses it as JSON breaks here and not in production.</summary>
    public static Task WriteHtmlAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=UTF-8";
        return context.Response.WriteAsync(
            $"<!DOCTYPE html>\n<html lang=en>\n<title>Error {status}</title>\n<p><b>{status}.</b> <ins>That's an error.</ins>\n", context.RequestAborted);
    }
}
