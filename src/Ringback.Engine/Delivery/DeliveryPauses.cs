using Microsoft.Extensions.DependencyInjection;

namespace Ringback.Engine.Delivery;

/// <summary>Pushes of a queue, or of a whole tenant, that wait until somebody lets them go. They expire as usual.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Queue">Name of the queue; empty for all of the tenant's.</param>
/// <param name="At">Since when.</param>
/// <param name="By">Who said so.</param>
public sealed record DeliveryPause(TenantId Tenant, string Queue, DateTimeOffset At, string By);

/// <summary>The stored pauses. What changes them is written down with who did it, in the same transaction.</summary>
public interface IPauseStore
{
    /// <summary>Every pause of every tenant.</summary>
    Task<IReadOnlyList<DeliveryPause>> ListAsync();

    /// <summary>Adds a pause; false where there is one already.</summary>
    Task<bool> AddAsync(DeliveryPause pause);

    /// <summary>Ends a pause and makes what it held due; false where there is none.</summary>
    Task<bool> RemoveAsync(TenantId tenant, string queue, string by, DateTimeOffset at);

    /// <summary>Makes due what a pause of the tenant held. What another pause still holds is held again when it is claimed.</summary>
    Task WakeHeldAsync(TenantId tenant, DateTimeOffset now);

    /// <summary>The same for every tenant, at the start: a process may have ended between a pause's end and what follows from it.</summary>
    Task WakeAllHeldAsync(DateTimeOffset now);
}

/// <summary>
/// The pauses as this process knows them: its own at once, those of other processes with the next sweep. A held row is due at its expiry and is not looked at
/// before, so that a paused flood costs nothing while it waits.
/// </summary>
public sealed class DeliveryPauses(IPauseStore store, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock) : IDisposable
{
    /// <summary>Code on the timeline of a push that a pause holds.</summary>
    public const string Code = "delivery.paused";

    private readonly SemaphoreSlim turn = new(1); // Else a list that was read before a change could come after one that was read behind it.
    private volatile IReadOnlyDictionary<(TenantId, string), DeliveryPause>? known;

    /// <summary>Raised where a pause of the tenant has ended. Handlers must neither block nor throw.</summary>
    public event Action<TenantId>? Ended;

    /// <summary>Whether pushes of the queue wait.</summary>
    public bool IsPaused(TenantId tenant, string queue) => Holding(tenant, queue) is not null;

    /// <summary>The pause that makes pushes of the queue wait, the whole tenant's first; null where none does.</summary>
    public DeliveryPause? Holding(TenantId tenant, string queue) =>
        known is { Count: > 0 } pauses && (pauses.TryGetValue((tenant, ""), out var pause) || pauses.TryGetValue((tenant, queue), out pause)) ? pause : null;

    /// <summary>How many pauses of each tenant this process knows; a tenant without one is not named.</summary>
    internal IEnumerable<KeyValuePair<TenantId, int>> Count() => (known?.Keys ?? []).CountBy(key => key.Item1);

    /// <summary>The tenant's pauses, the whole tenant's first, then by queue.</summary>
    public async Task<IReadOnlyList<DeliveryPause>> ListAsync(TenantId tenant)
    {
        await RefreshAsync();
        return [.. known!.Values.Where(pause => pause.Tenant == tenant).OrderBy(pause => pause.Queue, StringComparer.Ordinal)];
    }

    /// <summary>Pauses a queue, or with an empty name the tenant. Again is no mistake and changes nothing.</summary>
    public async Task PauseAsync(TenantId tenant, string queue, string by)
    {
        await store.AddAsync(new DeliveryPause(tenant, queue, clock.Now(), by));
        await RefreshAsync();
    }

    /// <summary>Ends a pause: what it held goes out at once. Without a pause nothing happens.</summary>
    public async Task ResumeAsync(TenantId tenant, string queue, string by)
    {
        await store.RemoveAsync(tenant, queue, by, clock.Now());
        await RefreshAsync();
    }

    /// <summary>Makes due what is held of a tenant. What a pause still holds is held again.</summary>
    public Task WakeAsync(TenantId tenant) => store.WakeHeldAsync(tenant, clock.Now());

    /// <summary>Reads what other processes have changed.</summary>
    public async Task RefreshAsync()
    {
        await turn.WaitAsync();
        try
        {
            var before = known;
            if (before is null) await store.WakeAllHeldAsync(clock.Now());
            var now = (await store.ListAsync()).ToDictionary(pause => (pause.Tenant, pause.Queue));
            known = now;
            try
            {
                foreach (var tenant in (before?.Values ?? []).Where(pause => !now.ContainsKey((pause.Tenant, pause.Queue))).Select(pause => pause.Tenant).Distinct())
                {
                    // Until just now this process may have gone on holding rows for a pause that another had ended.
                    await store.WakeHeldAsync(tenant, clock.Now());
                    Ended?.Invoke(tenant);
                }
            }
            catch
            {
                known = before; // Else the next reading would see no pause that has ended, and nobody would wake what it held.
                throw;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => turn.Dispose();
}
