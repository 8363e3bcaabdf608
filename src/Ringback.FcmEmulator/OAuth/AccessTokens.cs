using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Ringback.FcmEmulator.OAuth;

/// <summary>What a bearer may do until when.</summary>
internal sealed record AccessGrant(string ProjectId, DateTimeOffset ExpiresAt);

/// <summary>
/// The bearer tokens in force. In memory on purpose: after a restart every sender meets 401 and must refresh, a fault that the real
/// service shows rarely and that clients should survive.
/// </summary>
internal sealed class AccessTokens(TimeProvider clock)
{
    /// <summary>One second short of an hour, as Google answers.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(3599);

    /// <summary>A client that asks for a token per message must not fill the memory; the oldest go first.</summary>
    private const int MaxTokens = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccessGrant> _grants = new(StringComparer.Ordinal);
    private readonly Queue<string> _byAge = new();

    public string Issue(string projectId)
    {
        var token = "ya29." + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(96));
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            while (_byAge.TryPeek(out var oldest) && (_byAge.Count >= MaxTokens || _grants[oldest].ExpiresAt <= now))
            {
                _grants.Remove(_byAge.Dequeue());
            }
            _grants.Add(token, new AccessGrant(projectId, now + Lifetime));
            _byAge.Enqueue(token);
        }
        return token;
    }

    public bool TryFind(ReadOnlySpan<char> token, [NotNullWhen(true)] out AccessGrant? grant)
    {
        lock (_gate)
        {
            return _grants.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out grant) && clock.GetUtcNow() < grant.ExpiresAt;
        }
    }
}
