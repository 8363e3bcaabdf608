using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>What happens to the next thing that the client sends.</summary>
internal enum Cut
{
    /// <summary>It goes through.</summary>
    Nothing,

    /// <summary>The connection breaks before the server has it.</summary>
    BeforeServer,

    /// <summary>The connection breaks before the client has the answer.</summary>
    BeforeAnswer,
}

/// <summary>Stands between client and server, breaks connections at a chosen moment, and counts the server's answers.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint server;
    private readonly Task accepting;
    private volatile Cut next;
    private int answers;

    public CuttingProxy(string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        server = new IPEndPoint(IPAddress.Parse(target.Host!), target.Port);
        listener.Start();
        accepting = AcceptAsync();
        // Without TLS the answers can be told apart.
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
    }

    public string ConnectionString { get; }

    /// <summary>How often the server has said that it is ready for more: round trips.</summary>
    public int Answers => Volatile.Read(ref answers);

    public void Arm(Cut cut) => next = cut;

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var upstream = new TcpClient();
        using (client)
        {
            try
            {
                await upstream.ConnectAsync(server);
                await Task.WhenAny(FromClientAsync(client.GetStream(), upstream.GetStream()), FromServerAsync(upstream.GetStream(), client.GetStream()));
            }
            catch (SocketException)
            {
                // The server is away: the client sees a connection that ends.
            }
        }
    }

    private async Task FromClientAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        while (await ReadAsync(from, buffer) is > 0 and var count)
        {
            if (next == Cut.BeforeServer) return;
            await to.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    private async Task FromServerAsync(NetworkStream from, NetworkStream to)
    {
        var header = new byte[5];
        var body = new byte[64 * 1024];
        while (await FillAsync(from, header))
        {
            // A message is a letter and a length that counts itself.
            var length = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1)) - 4;
            if (body.Length < length) body = new byte[length];
            if (!await FillAsync(from, body.AsMemory(0, length))) return;
            if (header[0] == (byte)'Z')
            {
                if (next == Cut.BeforeAnswer) return;
                Interlocked.Increment(ref answers);
            }
            await to.WriteAsync(header);
            await to.WriteAsync(body.AsMemory(0, length));
        }
    }

    private static async Task<bool> FillAsync(NetworkStream from, Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var count = await ReadAsync(from, buffer);
            if (count == 0) return false;
            buffer = buffer[count..];
        }
        return true;
    }

    private static async Task<int> ReadAsync(NetworkStream from, Memory<byte> buffer)
    {
        try
        {
            return await from.ReadAsync(buffer);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }
}
