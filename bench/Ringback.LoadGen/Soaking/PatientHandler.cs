using System.Diagnostics;
using System.Net;

namespace Ringback.LoadGen.Soaking;

/// <summary>
/// Sends a request again while the server is away (no connection, a broken one, or 503), as a good app and a good PBX do. Any other answer is the answer. Every request of the soak may be
/// sent twice: a create gives the same id, a report says the same, a cancelled callback is cancelled.
/// </summary>
internal sealed class PatientHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(90), pause = TimeSpan.FromMilliseconds(100);
    private static long again;

    /// <summary>Requests that were sent again.</summary>
    public static long Again => Volatile.Read(ref again);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            var isOver = Stopwatch.GetElapsedTime(started) > patience;
            try
            {
                var answer = await base.SendAsync(request, cancellationToken);
                await answer.Content.LoadIntoBufferAsync(cancellationToken); // The server may die in the middle of an answer.
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || isOver) return answer;
                answer.Dispose();
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException && !isOver)
            {
                // It comes back.
            }
            Interlocked.Increment(ref again);
            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }
}
