using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Ringback.LoadGen.Receiving;

/// <summary>Reads what the audit needs out of a message as it was sent, and nothing else: the receiver must not be the slow one.</summary>
internal static class MessageReader
{
    private static readonly string[] events = [Arrival.Upcoming, Arrival.AttemptFailed, Arrival.FinalAttemptFailed];

    /// <summary>The arrival, or null for a dry run.</summary>
    /// <param name="body"><c>{"message":{…}}</c> as sent.</param>
    /// <param name="at">When it came.</param>
    public static Arrival? Read(ReadOnlySequence<byte> body, DateTimeOffset at)
    {
        var reader = new Utf8JsonReader(body);
        var (notification, callback, name, token, sequence, number) = (Guid.Empty, Guid.Empty, "", "", 0, 0);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.CurrentDepth == 1 && reader.ValueTextEquals("validate_only"u8) && reader.Read() && reader.GetBoolean()) return null;
            if (reader.CurrentDepth == 2 && reader.ValueTextEquals("token"u8)) token = Next(ref reader);
            if (reader.CurrentDepth != 3) continue;
            if (reader.ValueTextEquals("notificationId"u8)) notification = Guid.ParseExact(Next(ref reader), "D");
            else if (reader.ValueTextEquals("callbackId"u8)) callback = Guid.ParseExact(Next(ref reader), "D");
            else if (reader.ValueTextEquals("event"u8)) name = EventName(ref reader);
            else if (reader.ValueTextEquals("sequence"u8)) sequence = Number(ref reader);
            else if (reader.ValueTextEquals("position"u8) || reader.ValueTextEquals("attempt"u8)) number = Number(ref reader);
        }
        return new Arrival(at, notification, callback, name, sequence, token, number);
    }

    private static string Next(ref Utf8JsonReader reader) => reader.Read() ? reader.GetString() ?? "" : "";

    /// <summary>Few names, many messages.</summary>
    private static string EventName(ref Utf8JsonReader reader)
    {
        reader.Read();
        foreach (var known in events)
        {
            if (reader.ValueTextEquals(known)) return known;
        }
        return reader.GetString() ?? "";
    }

    private static int Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        var text = reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan;
        return Utf8Parser.TryParse(text, out int number, out _) ? number : throw new InvalidDataException($"no number: {Encoding.UTF8.GetString(text)}");
    }
}
