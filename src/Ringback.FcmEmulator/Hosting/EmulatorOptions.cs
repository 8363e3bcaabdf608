using System.Net;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>How one emulator is started. The defaults suit a test: a free port, everything in memory.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The address that the emulator listens on. Anything but loopback shows push tokens to the network.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port, or 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>The port of a TLS listener with a certificate for Google's hosts, 0 for a free one; null for none.</summary>
    public int? TlsPort { get; init; }

    /// <summary>Push services beyond this machine that browsers may register, by host; messages for such browsers are posted there.</summary>
    public IReadOnlyList<string> PushHosts { get; init; } = [];

    /// <summary>The folder that keeps <c>emulator.jsonl</c>; null keeps inbox and accounts in memory only.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Service-account JSON files to register at the start; only their public keys are kept.</summary>
    public IReadOnlyList<string> AccountFiles { get; init; } = [];

    /// <summary>Takes any well-formed assertion without looking at its signature.</summary>
    public bool AnyAccount { get; init; }

    /// <summary>Answers UNREGISTERED to tokens that nobody registered; otherwise such a token is a device that takes everything.</summary>
    public bool RegisteredOnly { get; init; }

    /// <summary>Messages that a project may send in a minute; 0 for no limit. The default is Google's, see https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas.</summary>
    public int QuotaPerMinute { get; init; } = 600_000;
}
