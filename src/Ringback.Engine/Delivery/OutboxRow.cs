using System.Diagnostics;

namespace Ringback.Engine.Delivery;

/// <summary>
/// One decided event for one target. Written in the transaction that decided it; unique by (tenant, callback, event, round, target), so that a
/// decision cannot be taken twice.
/// </summary>
public sealed record OutboxRow
{
    /// <summary>Whose it is.</summary>
    public required TenantId Tenant { get; init; }

    /// <summary>Which of several events of this name; not part of the payload.</summary>
    public required int Round { get; init; }

    /// <summary>Which of the callback's push targets, counted from 0.</summary>
    public required int TargetOrdinal { get; init; }

    /// <summary>What it says; carries the row's id, callback, event and expiry.</summary>
    public required PushMessage Message { get; init; }

    /// <summary>End of the lease, where the deciding process will send the row itself; null = whoever claims it.</summary>
    public DateTimeOffset? LeaseEndsAt { get; init; }

    /// <summary>The span of the request that decided it, in this process only: it is not stored.</summary>
    public ActivityContext DecidedIn { get; init; }
}

/// <summary>What is known of a push target's address.</summary>
public enum TargetState
{
    /// <summary>In use.</summary>
    Active = 0,

    /// <summary>The push service has called it unregistered: nothing is sent there any more, unless it is revived.</summary>
    Dead = 1,

    /// <summary>The push service did not take it, without proof that it is dead. The next event is sent there all the same.</summary>
    Suspect = 2,

    /// <summary>It belongs to another project than the credentials. The next event is sent there all the same: the credentials may have been put right.</summary>
    Foreign = 3,
}

/// <summary>A row that this process holds the lease of, with all that is needed to send it.</summary>
/// <param name="Row">The row.</param>
/// <param name="Target">Where it goes.</param>
/// <param name="TargetState">Whether that address still lives.</param>
/// <param name="Attempts">Sends that were made before.</param>
/// <param name="LeaseEndsAt">Until when nobody else sends it.</param>
public sealed record ClaimedPush(OutboxRow Row, PushTarget Target, TargetState TargetState, int Attempts, DateTimeOffset LeaseEndsAt);

/// <summary>How a row stands. Everything but <see cref="Pending"/> is final.</summary>
public enum OutboxState
{
    /// <summary>To be sent.</summary>
    Pending = 0,

    /// <summary>Taken over by the push service.</summary>
    Accepted = 1,

    /// <summary>Its time to live passed first.</summary>
    Expired = 2,

    /// <summary>A later event made it pointless.</summary>
    Cancelled = 3,

    /// <summary>The address is dead.</summary>
    TargetDead = 4,

    /// <summary>The address belongs to another project.</summary>
    TargetForeign = 5,

    /// <summary>The push service refused the message.</summary>
    Rejected = 6,

    /// <summary>The push service did not take the address, without proof that it is dead.</summary>
    TargetSuspect = 7,
}

/// <summary>What became of a claimed row.</summary>
public abstract record DeliveryResult(ClaimedPush Push)
{
    /// <summary>No further send.</summary>
    /// <param name="Push">The row.</param>
    /// <param name="State">How it ended.</param>
    /// <param name="Code">The push service's code or message name, for the timeline.</param>
    /// <param name="At">When.</param>
    /// <param name="Attempts">Sends made in all.</param>
    public sealed record Finished(ClaimedPush Push, OutboxState State, string Code, DateTimeOffset At, int Attempts) : DeliveryResult(Push)
    {
        /// <summary>What is known of the address from now on; null where nothing new is. A dead one stays dead.</summary>
        public TargetState? Target { get; init; }

        /// <summary>The project whose answer says so.</summary>
        public string? Project { get; init; }
    }

    /// <summary>To be sent again; the lease is given up.</summary>
    /// <param name="Push">The row.</param>
    /// <param name="NextAt">Not before.</param>
    /// <param name="Code">Why, for the timeline; null where nothing happened to it, and what the timeline says stays.</param>
    /// <param name="Attempts">Sends made in all.</param>
    public sealed record Again(ClaimedPush Push, DateTimeOffset NextAt, string? Code, int Attempts) : DeliveryResult(Push);
}

/// <summary>The outbox as the delivery loop needs it.</summary>
public interface IDeliveryStore
{
    /// <summary>The credentials that have rows to claim: due and free, or with a lease that has ended. Costs a look for each credential that has pending rows, whatever their number.</summary>
    Task<IReadOnlyList<CredentialKey>> DueCredentialsAsync(DateTimeOffset now);

    /// <summary>Takes the lease of a credential's rows that are due and free, or whose lease has ended, oldest due first.</summary>
    Task<IReadOnlyList<ClaimedPush>> ClaimDueAsync(string node, CredentialKey key, DateTimeOffset now, DateTimeOffset leaseEndsAt, int most);

    /// <summary>Ends the credential's rows that nobody holds and whose time to live has passed, without claiming them; says how many of which event.</summary>
    Task<IReadOnlyDictionary<string, int>> ExpireAsync(CredentialKey key, DateTimeOffset now);

    /// <summary>Adds the targets to rows that were committed with this process's lease.</summary>
    Task<IReadOnlyList<ClaimedPush>> OpenAsync(IReadOnlyList<OutboxRow> rows);

    /// <summary>Extends a lease; false where somebody else holds the row or it is finished.</summary>
    Task<bool> RenewAsync(string node, ClaimedPush push, DateTimeOffset leaseEndsAt);

    /// <summary>Records results durably. A finished row stays finished: a late result never changes it.</summary>
    Task RecordAsync(string node, IReadOnlyList<DeliveryResult> results);

    /// <summary>Makes dead addresses active again, and writes down who did it. Returns how many.</summary>
    Task<int> ReviveTargetsAsync(TargetRevival revival, string by, DateTimeOffset at);

    /// <summary>Frees every lease whose holder has ended, at the start of a process: its rows need not wait for the end of the lease.</summary>
    Task FreeAbandonedLeasesAsync();

    /// <summary>Makes the tenant's waiting rows due at once: its credentials have changed.</summary>
    Task WakeAsync(TenantId tenant, DateTimeOffset now);

    /// <summary>How much waits, by tenant, for the metrics. Walks every pending row.</summary>
    Task<IReadOnlyList<OutboxDepth>> DepthAsync(DateTimeOffset now);

    /// <summary>Rows that wait, by tenant, for <c>/readyz</c>.</summary>
    Task<IReadOnlyDictionary<TenantId, int>> WaitingAsync();
}
