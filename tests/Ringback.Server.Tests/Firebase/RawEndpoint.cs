using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ringback.Server.Tests.Firebase;

/// <summary>A port on loopback that says one thing to whoever connects, or nothing at all: what stands between a server and Google.</summary>
internal sealed class RawEndpoint : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="answer">The bytes of the answer, or null for silence.</param>
    public RawEndpoint(string? answer)
    {
        listener.Start();
        _ = ServeAsync(answer);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Ends when somebody has sent something.</summary>
    public Task Asked => asked.Task;

    /// <summary>A page of HTML, as a proxy answers with it.</summary>
    public static string Html(int status) => $"HTTP/1.1 {status} x\r\nContent-Type: text/html\r\nContent-Length: 19\r\nConnection: close\r\n\r\n<html>Sign in</html";

    public void Dispose() => listener.Dispose();

    private async Task ServeAsync(string? answer)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[4096], 1);
                asked.TrySetResult();
                if (answer is null) continue; // The connection stays open until the process lets go of it.
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                client.Close();
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
