using System.Net;
using System.Net.Sockets;

namespace Ringback.Engine.Tests.Firebase;

/// <summary>A free port on loopback whose connections are served, each by itself, until it is closed.</summary>
internal sealed class LoopbackEndpoint : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();

    public LoopbackEndpoint(Func<TcpClient, CancellationToken, Task> serve)
    {
        listener.Start();
        _ = AcceptAsync(serve);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose()
    {
        end.Cancel(); // Not disposed: a test may close the endpoint before its end.
        listener.Dispose();
    }

    private async Task AcceptAsync(Func<TcpClient, CancellationToken, Task> serve)
    {
        try
        {
            while (true) _ = serve(await listener.AcceptTcpClientAsync(end.Token), end.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
