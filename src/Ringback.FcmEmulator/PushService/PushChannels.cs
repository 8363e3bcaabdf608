using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace Ringback.FcmEmulator.PushService;

/// <summary>Browsers, their subscriptions, and what they have not acknowledged yet.</summary>
internal sealed class PushChannels(TimeProvider clock)
{
    private const int MaxBrowsers = 1_000;
    private const int MaxChannelsPerBrowser = 100;

    /// <summary>A browser that is away keeps so many messages; the oldest give way.</summary>
    private const int MaxPending = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Browser> _browsers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PushChannel> _byEndpoint = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = new();
    private long _lastVersion;

    /// <summary>
    /// Takes a connection in: under the name that the browser had, if it is known, else under a new one. The greeting runs before anybody
    /// can push to the connection, since a notification before the hello would be lost.
    /// </summary>
    public string Attach(string? userAgent, AutopushConnection connection, Action<string, IEnumerable<(PushChannel, PushNotice)>> greet)
    {
        AutopushConnection? former;
        lock (_gate)
        {
            if (userAgent is null || !_browsers.TryGetValue(userAgent, out var browser))
            {
                userAgent = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
                browser = new Browser();
                _browsers.Add(userAgent, browser);
                _byAge.Enqueue(userAgent);
                ForgetOldest();
            }
            (former, browser.Connection) = (browser.Connection, connection);
            greet(userAgent, browser.Channels.Values.SelectMany(channel => Alive(channel).Select(notice => (channel, notice))));
        }
        // A browser has one connection; the newest is the one that it still knows of.
        former?.Close();
        return userAgent;
    }

    public void Detach(string userAgent, AutopushConnection connection)
    {
        lock (_gate)
        {
            if (_browsers.TryGetValue(userAgent, out var browser) && browser.Connection == connection)
            {
                browser.Connection = null;
            }
        }
    }

    /// <summary>The channel of that name, made if it is new; null if the browser has too many.</summary>
    public PushChannel? Register(string userAgent, string channelId, string? key)
    {
        lock (_gate)
        {
            if (!_browsers.TryGetValue(userAgent, out var browser))
            {
                return null;
            }
            if (browser.Channels.TryGetValue(channelId, out var channel))
            {
                return channel;
            }
            if (browser.Channels.Count >= MaxChannelsPerBrowser)
            {
                return null;
            }
            channel = new PushChannel(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24)), userAgent, channelId, key);
            browser.Channels.Add(channelId, channel);
            _byEndpoint.Add(channel.EndpointId, channel);
            return channel;
        }
    }

    public void Unregister(string userAgent, string channelId)
    {
        lock (_gate)
        {
            if (_browsers.TryGetValue(userAgent, out var browser) && browser.Channels.Remove(channelId, out var channel))
            {
                _byEndpoint.Remove(channel.EndpointId);
            }
        }
    }

    /// <summary>Ends a subscription as the push service may do at any time; its endpoint is gone from then on.</summary>
    public bool End(string endpointId)
    {
        lock (_gate)
        {
            return _byEndpoint.Remove(endpointId, out var channel) && _browsers[channel.UserAgent].Channels.Remove(channel.ChannelId);
        }
    }

    public bool TryFind(string endpointId, [NotNullWhen(true)] out PushChannel? channel)
    {
        lock (_gate)
        {
            return _byEndpoint.TryGetValue(endpointId, out channel);
        }
    }

    /// <summary>Keeps the message until it is acknowledged, and hands it to the browser if that is connected.</summary>
    public void Push(PushChannel channel, ReadOnlyMemory<byte> body, int ttlSeconds)
    {
        AutopushConnection? connection;
        PushNotice notice;
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var version = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeMilliseconds():x}-{++_lastVersion:x}");
            notice = new PushNotice(version, body, now + TimeSpan.FromSeconds(ttlSeconds), ttlSeconds);
            connection = _browsers.TryGetValue(channel.UserAgent, out var browser) ? browser.Connection : null;
            // RFC 8030, section 5.2: with a time to live of zero a message is for a browser that is there now, or for nobody.
            if (ttlSeconds > 0 || connection is not null)
            {
                channel.Pending.Add(notice);
                if (channel.Pending.Count > MaxPending)
                {
                    channel.Pending.RemoveAt(0);
                }
            }
        }
        connection?.Notify(channel, notice);
    }

    public void Acknowledge(string userAgent, string? channelId, string version, int code)
    {
        lock (_gate)
        {
            if (!_browsers.TryGetValue(userAgent, out var browser))
            {
                return;
            }
            // A nack names no channel.
            foreach (var channel in browser.Channels.Values.Where(channel => channelId is null || channel.ChannelId == channelId))
            {
                if (channel.Pending.RemoveAll(notice => notice.Version == version) > 0 || channelId is not null)
                {
                    channel.Acknowledged += code < 300 ? 1 : 0;
                    channel.LastCode = code;
                }
            }
        }
    }

    public IReadOnlyList<(string EndpointId, bool IsConnected, int Pending, long Acknowledged, int? LastCode)> List()
    {
        lock (_gate)
        {
            return [.. _byEndpoint.Values.Select(channel => (channel.EndpointId, _browsers[channel.UserAgent].Connection is not null,
                Alive(channel).Count, channel.Acknowledged, channel.LastCode))];
        }
    }

    private List<PushNotice> Alive(PushChannel channel)
    {
        var now = clock.GetUtcNow();
        channel.Pending.RemoveAll(notice => notice.ExpiresAt < now);
        return channel.Pending;
    }

    private void ForgetOldest()
    {
        if (_byAge.Count <= MaxBrowsers || !_browsers.Remove(_byAge.Dequeue(), out var oldest))
        {
            return;
        }
        oldest.Connection?.Close();
        foreach (var channel in oldest.Channels.Values)
        {
            _byEndpoint.Remove(channel.EndpointId);
        }
    }

    private sealed class Browser
    {
        public AutopushConnection? Connection { get; set; }

        public Dictionary<string, PushChannel> Channels { get; } = new(StringComparer.Ordinal);
    }
}
