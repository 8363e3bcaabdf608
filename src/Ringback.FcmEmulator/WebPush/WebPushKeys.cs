using System.Security.Cryptography;

namespace Ringback.FcmEmulator.WebPush;

/// <summary>
/// The web push key of each project, what the Firebase console calls its web push certificate. Whoever gives no key to the SDK subscribes
/// with Google's default one, whose private half is Google's; the emulator's push service takes the key of any project in its place.
/// </summary>
internal sealed class WebPushKeys : IDisposable
{
    /// <summary>The SDK's own key: DEFAULT_VAPID_KEY in the messaging package of firebase-js-sdk.</summary>
    public const string SdkDefault = "BDOU99-h67HcA6JeFXHbSNMu7e2yNNu3RzoMj8TM4W88jITfq7ZmPvIM1Iv-4_l2LxQcYwhqby2xGpWwzjfAnG4";

    /// <summary>With any account allowed, callers choose the project names.</summary>
    private const int MaxProjects = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ECDsa> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _publicKeys = new(StringComparer.Ordinal);

    /// <summary>The project's key, made at the first call; null if there are too many projects.</summary>
    public ECDsa? Of(string projectId)
    {
        lock (_gate)
        {
            if (_keys.TryGetValue(projectId, out var key))
            {
                return key;
            }
            if (_keys.Count >= MaxProjects)
            {
                return null;
            }
            key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            _keys.Add(projectId, key);
            _publicKeys.Add(Vapid.PublicKey(key), projectId);
            return key;
        }
    }

    /// <summary>True if a project of this emulator holds the private half.</summary>
    public bool IsOurs(string publicKey)
    {
        lock (_gate)
        {
            return _publicKeys.ContainsKey(publicKey);
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys.Values)
        {
            key.Dispose();
        }
    }
}
