using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>
/// What rotation does by itself (A6): checks again what waits undecided, forgets what was kept long enough, and puts the version before back into force where Firebase
/// refuses sends. Every node does it; the store lets only one of them make a change.
/// </summary>
public sealed partial class CredentialWatch : BackgroundService
{
    private static readonly TimeSpan round = TimeSpan.FromSeconds(10);

    private readonly CredentialService service;
    private readonly ICredentialStore store;
    private readonly TimeProvider clock;
    private readonly ILogger<CredentialWatch> logger;
    private readonly ConcurrentDictionary<CredentialKey, int> refused = new();
    private TaskCompletionSource woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal CredentialWatch(
        CredentialService service, Credentials credentials, ICredentialStore store, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<CredentialWatch> logger)
    {
        (this.service, this.store, this.clock, this.logger) = (service, store, clock, logger);
        credentials.Refused += Suspect;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var wake = Volatile.Read(ref woken);
                await Task.WhenAny(wake.Task, Task.Delay(round, clock, stoppingToken));
                if (wake.Task.IsCompleted) Volatile.Write(ref woken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                await GoRoundAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                Log.RoundFailed(logger, failure);
            }
        }
    }

    private void Suspect(StoredCredential stored)
    {
        refused[new CredentialKey(stored.Tenant, stored.App)] = stored.Version;
        Volatile.Read(ref woken).TrySetResult();
    }

    private async Task GoRoundAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        foreach (var (key, version) in refused)
        {
            if (await service.ReturnIfRefusedAsync(key, version, cancellation)) refused.TryRemove(new(key, version));
        }
        foreach (var key in await store.ListRotatingAsync(cancellation)) await service.TendAsync(key, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(3034, LogLevel.Warning, "The credentials that wait or are kept could not be looked at; tried again in a few seconds")]
        public static partial void RoundFailed(ILogger logger, Exception failure);
    }
}
