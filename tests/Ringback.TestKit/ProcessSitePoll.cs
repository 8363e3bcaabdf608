using System.Net;
using System.Net.Sockets;

namespace Ringback.TestKit;

/// <summary>
/// The one way in which tests of real processes wait. They run on the real clock of a machine that is busy with other tests: a fixed sleep is either too
/// short or a waste, so a test looks for its condition again and again and gives up, with the reason, at a deadline far beyond the usual.
/// </summary>
public static class ProcessSitePoll
{
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Far beyond what anything takes, so that only a fault reaches it.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Looks until something is found.</summary>
    /// <param name="what">What is waited for, for the failure.</param>
    /// <param name="look">Gives null while it is not there.</param>
    /// <param name="deadline">How long to look; <see cref="Patience"/> where not given.</param>
    public static async Task<T> UntilAsync<T>(string what, Func<Task<T?>> look, TimeSpan? deadline = null) where T : class
    {
        T? found = null;
        var patience = deadline ?? Patience;
        return await Eventually.TryAsync(async () => (found = await look()) is not null, patience, pause) ? found! : throw new TimeoutException($"Waited {patience.TotalSeconds} s in vain for: {what}.");
    }

    /// <summary>Looks until a condition holds.</summary>
    public static Task UntilAsync(string what, Func<Task<bool>> holds, TimeSpan? deadline = null) =>
        UntilAsync(what, async () => await holds() ? "" : null, deadline);

    /// <summary>
    /// A port for a program that is to get the same one after its restart. From below the range of outgoing connections: one of those could take the
    /// port while the program is away.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken.
            }
        }
    }
}
