using Ringback.Engine.Delivery;

namespace Ringback.LoadGen.Senders;

/// <summary>A way to bring a message to FCM's endpoint.</summary>
internal interface ISender : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Sends one message; anything but success is an exception.</summary>
    ValueTask SendAsync(PushMessage message, PushTarget target);
}
