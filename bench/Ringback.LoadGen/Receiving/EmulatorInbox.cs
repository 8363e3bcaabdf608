using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ringback.LoadGen.Receiving;

/// <summary>Reads the emulator's inbox. It keeps the newest 100 000 messages only, so it is read while they come.</summary>
internal sealed class EmulatorInbox(Uri address) : IInbox
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    private long last;

    public async Task<IReadOnlyList<Arrival>> TakeNewAsync()
    {
        var bytes = await http.GetByteArrayAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/inbox?after={last}"), UriKind.Relative));
        using var inbox = JsonDocument.Parse(bytes);
        var news = new List<Arrival>();
        foreach (var entry in inbox.RootElement.GetProperty("messages").EnumerateArray())
        {
            var sequence = entry.GetProperty("sequence").GetInt64();
            if (sequence != last + 1) throw new InvalidDataException($"The emulator has dropped messages {last + 1} to {sequence - 1} before they were read: the audit would be worthless.");
            last = sequence;
            if (entry.GetProperty("validateOnly").GetBoolean()) continue;
            var message = Encoding.UTF8.GetBytes($$"""{"message":{{entry.GetProperty("message").GetRawText()}}}""");
            if (MessageReader.Read(new ReadOnlySequence<byte>(message), entry.GetProperty("receivedAt").GetDateTimeOffset()) is { } arrival) news.Add(arrival);
        }
        return news;
    }

    public void Dispose() => http.Dispose();
}
