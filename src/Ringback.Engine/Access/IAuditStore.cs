namespace Ringback.Engine.Access;

/// <summary>Something that somebody did to the installation.</summary>
/// <param name="Id">Grows with time.</param>
/// <param name="At">When.</param>
/// <param name="By">Name of the key or user.</param>
/// <param name="Action">What, such as <c>push_targets.revived</c>.</param>
/// <param name="Detail">The particulars as a JSON object, without personal data or secrets.</param>
public sealed record AuditEntry(Guid Id, DateTimeOffset At, string By, string Action, string Detail);

/// <summary>What was done, by whom. Entries are written with what they speak of, in one transaction, and are never changed.</summary>
public interface IAuditStore
{
    /// <summary>The tenant's entries, the newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">Only older ones than this entry: the last of the page before.</param>
    /// <param name="limit">How many at most.</param>
    Task<IReadOnlyList<AuditEntry>> ListAsync(TenantId tenant, Guid? before, int limit);
}
