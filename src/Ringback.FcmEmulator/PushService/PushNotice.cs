namespace Ringback.FcmEmulator.PushService;

/// <summary>A message on its way to a browser.</summary>
/// <param name="Version">Its name in acknowledgements.</param>
/// <param name="Body">Encrypted; the push service cannot read it.</param>
/// <param name="ExpiresAt">After this nobody wants it any more.</param>
internal sealed record PushNotice(string Version, ReadOnlyMemory<byte> Body, DateTimeOffset ExpiresAt, int TtlSeconds);

/// <summary>One subscription of a browser.</summary>
/// <param name="EndpointId">The last part of its endpoint; whoever knows it may push.</param>
/// <param name="UserAgent">The browser.</param>
/// <param name="ChannelId">The browser's own name for the subscription.</param>
/// <param name="Key">The VAPID key it was made for; null for none.</param>
internal sealed record PushChannel(string EndpointId, string UserAgent, string ChannelId, string? Key)
{
    /// <summary>Sent or waiting for the browser, and not acknowledged. Guarded by the gate of <see cref="PushChannels"/>.</summary>
    public List<PushNotice> Pending { get; } = [];

    public long Acknowledged { get; set; }

    /// <summary>100 dispatched, 101 could not be decrypted, 102 not delivered, 301 and up refused by a handler.</summary>
    public int? LastCode { get; set; }
}
