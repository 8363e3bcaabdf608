namespace Ringback.FcmEmulator.Send;

/// <summary>How often each notification to a flaky token was refused so far.</summary>
internal sealed class FlakyCounts
{
    /// <summary>Bounds the memory; the oldest pairs are forgotten and would be flaky anew.</summary>
    private const int MaxPairs = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Token, string NotificationId), int> _refusals = [];
    private readonly Queue<(string Token, string NotificationId)> _byAge = new();

    /// <summary>True as long as the pair has been refused fewer than <paramref name="times"/> times; counts this time.</summary>
    public bool RefusesAgain(string token, string notificationId, int times)
    {
        var pair = (token, notificationId);
        lock (_gate)
        {
            var soFar = _refusals.GetValueOrDefault(pair);
            if (soFar >= times)
            {
                return false;
            }
            if (soFar == 0)
            {
                if (_byAge.Count >= MaxPairs)
                {
                    _refusals.Remove(_byAge.Dequeue());
                }
                _byAge.Enqueue(pair);
            }
            _refusals[pair] = soFar + 1;
            return true;
        }
    }
}
