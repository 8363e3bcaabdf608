namespace Ringback.Storage.Tests;

/// <summary>What every suite has: a fresh site per test. The suites run on each database by a subclass that says how to open one.</summary>
public abstract class StoreSuite : IAsyncLifetime
{
    private protected Site Site { get; private set; } = null!;

    private protected abstract Task<Site> OpenAsync();

    public async ValueTask InitializeAsync() => Site = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Site.DisposeAsync();
    }
}
