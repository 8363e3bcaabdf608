namespace Ringback.FcmEmulator.Devices;

/// <summary>A registration: what a token or an installation id stands for.</summary>
/// <param name="Token">The registration token; null where only the installation id was registered.</param>
/// <param name="Fid">The Firebase installation id; null where only a token was asked for.</param>
/// <param name="ProjectId">The only project that may send to it.</param>
/// <param name="Web">Where a browser takes its messages; null for a device that exists by name only.</param>
internal sealed record Device(string? Token, string? Fid, string ProjectId, WebSubscription? Web)
{
    /// <summary>The app is gone or the token was deleted: a send is answered with UNREGISTERED.</summary>
    public bool IsGone { get; init; }
}

/// <summary>A browser's push subscription (RFC 8030, section 2, with the keys of RFC 8291).</summary>
/// <param name="Endpoint">Where to post messages.</param>
/// <param name="PublicKey">The browser's P-256 key, an uncompressed point of 65 bytes.</param>
/// <param name="AuthSecret">The 16 bytes that only the browser and the sender know.</param>
/// <param name="SenderId">The number in the app id; the page sees it as the origin of its messages.</param>
internal sealed record WebSubscription(Uri Endpoint, ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> AuthSecret, string SenderId);
