using System.Text.Json;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Something that becomes the body of a send. Implemented by structures, so that a send makes no object for it.</summary>
internal interface IFcmMessage
{
    /// <summary>Name of the app within the tenant whose credentials send it; null: the default one.</summary>
    string? App { get; }

    /// <summary>Writes the whole body into a writer that was made with <see cref="FcmMessageWriter.Relaxed"/>.</summary>
    void Write(Utf8JsonWriter json, DateTimeOffset now);
}

/// <summary>A push of the outbox.</summary>
internal readonly record struct DecidedMessage(PushMessage Message, PushTarget Target) : IFcmMessage
{
    public string? App => Message.App;

    public void Write(Utf8JsonWriter json, DateTimeOffset now) => FcmMessageWriter.Write(json, Message, Target, now);
}

/// <summary>A message that a caller wrote.</summary>
internal readonly record struct PublishedMessage(DirectMessage Direct) : IFcmMessage
{
    public string? App => null;

    public void Write(Utf8JsonWriter json, DateTimeOffset now) => FcmMessageWriter.Write(json, Direct);
}
