namespace Ringback.LoadGen.Receiving;

/// <summary>What a receiver has accepted.</summary>
internal interface IInbox : IDisposable
{
    /// <summary>What has come since the last call. Dry runs are left out.</summary>
    Task<IReadOnlyList<Arrival>> TakeNewAsync();
}
