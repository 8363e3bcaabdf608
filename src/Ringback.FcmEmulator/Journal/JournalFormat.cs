using System.Buffers;
using System.Text.Json;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Inbox;

namespace Ringback.FcmEmulator.Journal;

/// <summary>How an entry looks as a line of JSON.</summary>
internal static class JournalFormat
{
    public static void Write(IBufferWriter<byte> line, JournalEntry entry)
    {
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            WriteFields(json, entry);
            json.WriteEndObject();
        }
        line.Write("\n"u8);
    }

    /// <exception cref="JsonException">The line is not an entry.</exception>
    public static JournalEntry Read(ReadOnlyMemory<byte> line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        try
        {
            return Text(root, "kind") switch
            {
                "account" => new JournalEntry.AccountRegistered(new ServiceAccount(
                    Text(root, "projectId"), Text(root, "clientEmail"), root.GetProperty("publicKey").GetBytesFromBase64())),
                "accountRevoked" => new JournalEntry.AccountRevoked(Text(root, "clientEmail")),
                "message" => new JournalEntry.MessageAccepted(new InboxMessage(
                    root.GetProperty("sequence").GetInt64(),
                    root.GetProperty("receivedAt").GetDateTimeOffset(),
                    Text(root, "projectId"),
                    root.GetProperty("validateOnly").GetBoolean(),
                    root.TryGetProperty("token", out var token) ? token.GetString() : null,
                    root.GetProperty("message").GetBytesFromBase64())),
                "inboxCleared" => new JournalEntry.InboxCleared(root.GetProperty("lastSequence").GetInt64()),
                var other => throw new JsonException($"Unknown kind of entry: {other}"),
            };
        }
        catch (Exception unreadable) when (unreadable is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JsonException("An entry lacks a field or has one of the wrong type.", unreadable);
        }
    }

    private static void WriteFields(Utf8JsonWriter json, JournalEntry entry)
    {
        switch (entry)
        {
            case JournalEntry.AccountRegistered { Account: var account }:
                json.WriteString("kind", "account");
                json.WriteString("projectId", account.ProjectId);
                json.WriteString("clientEmail", account.ClientEmail);
                json.WriteBase64String("publicKey", account.PublicKey.Span);
                break;
            case JournalEntry.AccountRevoked revoked:
                json.WriteString("kind", "accountRevoked");
                json.WriteString("clientEmail", revoked.ClientEmail);
                break;
            case JournalEntry.MessageAccepted { Message: var message }:
                json.WriteString("kind", "message");
                json.WriteNumber("sequence", message.Sequence);
                json.WriteString("receivedAt", message.ReceivedAt);
                json.WriteString("projectId", message.ProjectId);
                json.WriteBoolean("validateOnly", message.ValidateOnly);
                if (message.Token is not null)
                {
                    json.WriteString("token", message.Token);
                }
                // Base64, since the message is kept byte for byte and may have line ends between its tokens.
                json.WriteBase64String("message", message.Json.Span);
                break;
            case JournalEntry.InboxCleared cleared:
                json.WriteString("kind", "inboxCleared");
                json.WriteNumber("lastSequence", cleared.LastSequence);
                break;
            default:
                throw new InvalidOperationException($"No line for {entry.GetType().Name}");
        }
    }

    private static string Text(JsonElement root, string name)
        => root.GetProperty(name).GetString() ?? throw new JsonException($"{name} is null");
}
