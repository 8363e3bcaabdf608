namespace Ringback.Engine.Callbacks;

/// <summary>Where something personal stands.</summary>
/// <param name="Callbacks">Callbacks that are over, and whose last attempt is too.</param>
/// <param name="CallIns">Call-in requests without a callback that are matched or have run out.</param>
/// <param name="InUse">How many others hold it and need it yet.</param>
public sealed record PersonalDataFound(IReadOnlyList<Guid> Callbacks, IReadOnlyList<Guid> CallIns, int InUse);

/// <summary>
/// Personal data at rest (rule F3): phone numbers, the app's user data, push addresses. Erasing leaves the rows, with their times, states and outcomes, for statistics. What is not over is never
/// erased: its queue's owner holds it in memory and would write it again.
/// </summary>
public interface IPersonalDataStore
{
    /// <summary>What is over since before an instant and not erased yet, the oldest first.</summary>
    Task<PersonalDataFound> FindAgedAsync(TenantId tenant, DateTimeOffset overBefore, int most);

    /// <summary>Everything that holds the number. Reads all of the tenant's callbacks.</summary>
    Task<PersonalDataFound> FindByNumberAsync(TenantId tenant, string phoneNumber, DateTimeOffset now);

    /// <summary>Every callback that has the push address. Reads all of the tenant's targets.</summary>
    Task<PersonalDataFound> FindByAddressAsync(TenantId tenant, string address);

    /// <summary>Erases number, user data and addresses of these callbacks and call-in requests, and ends pushes that were not sent to them yet, in one transaction.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="found">Which; those that are not over are left alone.</param>
    /// <param name="at">The present.</param>
    /// <param name="by">Who asked for it, to be written down; null where their age did.</param>
    Task EraseAsync(TenantId tenant, PersonalDataFound found, DateTimeOffset at, string? by);

    /// <summary>Erases one push address of these callbacks; otherwise as <see cref="EraseAsync"/>.</summary>
    Task EraseAddressAsync(TenantId tenant, IReadOnlyList<Guid> callbacks, string address, DateTimeOffset at, string by);

    /// <summary>Reads everything that holds the number, and writes down that it was read. Reads all of the tenant's callbacks for that.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="phoneNumber">The number.</param>
    /// <param name="after">Only callbacks and requests with a greater id.</param>
    /// <param name="most">How many of them at most.</param>
    /// <param name="at">The present.</param>
    /// <param name="by">Who asked for it.</param>
    Task<KeptData> ExportAsync(TenantId tenant, string phoneNumber, Guid after, int most, DateTimeOffset at, string by);

    /// <summary>Takes out of the database's files what was erased while something else read them.</summary>
    Task FinishErasureAsync();
}
