using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Server;

/// <summary>
/// Once a minute, for every tenant: pushes that are over leave the outbox, and what is too old is forgotten or erased. Every process of a cluster does it; what one has done the others do not find.
/// </summary>
internal sealed partial class Housekeeping(
    IAccessStore access, PushHistory history, PersonalData personalData, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan pause = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryTidyAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The process stops; the next one goes on.
        }
    }

    private async Task TryTidyAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var tenant in await access.ListTenantsAsync())
            {
                await history.TidyAsync(tenant, stopping);
                if (await personalData.EraseAgedAsync(tenant, stopping) is > 0 and var erased) Log.Erased(logger, tenant, erased);
            }
            await personalData.FinishErasureAsync();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Log.Failed(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.PersonalDataErased, LogLevel.Information, "Personal data of {Count} callbacks and call-in requests of tenant {Tenant} were erased for their age.")]
        public static partial void Erased(ILogger logger, TenantId tenant, int count);

        [LoggerMessage(EventIds.HousekeepingFailed, LogLevel.Warning, "Old rows could not be moved or erased; it is tried again in a minute.")]
        public static partial void Failed(ILogger logger, Exception failure);
    }
}
