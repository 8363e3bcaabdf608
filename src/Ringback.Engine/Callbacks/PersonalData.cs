using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Callbacks;

/// <summary>What an erasure did.</summary>
/// <param name="Callbacks">Callbacks from which something was erased.</param>
/// <param name="CallIns">Call-in requests without a callback from which something was erased.</param>
/// <param name="InUse">Callbacks and requests that are not over and still hold it. End them, and ask again.</param>
public sealed record Erased(int Callbacks, int CallIns, int InUse);

/// <summary>Erases personal data, by age and where somebody asks for it, and says what there is (rule F3).</summary>
public sealed class PersonalData(IPersonalDataStore store, IOptions<RetentionOptions> options, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Callbacks of one transaction: each is a handful of statements.</summary>
    public const int BatchSize = 100;

    /// <summary>Callbacks and call-in requests of one page of an export: each may hold 64 KiB of user data and some hundred pushes.</summary>
    public const int MostExported = 50;

    /// <summary>Erases what is over for longer than <see cref="RetentionOptions.RetentionDays"/>; says from how many callbacks and requests.</summary>
    public async Task<int> EraseAgedAsync(TenantId tenant, CancellationToken stopping)
    {
        var now = clock.Now();
        var erased = 0;
        while (!stopping.IsCancellationRequested)
        {
            var found = await store.FindAgedAsync(tenant, now - TimeSpan.FromDays(options.Value.RetentionDays), BatchSize);
            if (found.Callbacks.Count + found.CallIns.Count == 0) break;
            await store.EraseAsync(tenant, found, now, by: null);
            erased += found.Callbacks.Count + found.CallIns.Count;
        }
        return erased;
    }

    /// <summary>Takes out of the database's files what was erased while something else read them. Cheap where nothing is left to do.</summary>
    public Task FinishErasureAsync() => store.FinishErasureAsync();

    /// <summary>Erases a customer: number, user data and push addresses of everything that holds the number. Written down with who asked, without the number.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="phoneNumber">The number in E.164.</param>
    /// <param name="by">Who asks.</param>
    public async Task<Answer<Erased>> EraseByNumberAsync(TenantId tenant, string phoneNumber, string by)
    {
        var read = ReadNumber(phoneNumber);
        if (read.Fault is { } fault) return fault;
        var now = clock.Now();
        var found = await store.FindByNumberAsync(tenant, read.Value, now);
        var callbacks = found.Callbacks.Chunk(BatchSize).ToList();
        var callIns = found.CallIns.Chunk(BatchSize).ToList();
        for (var i = 0; i < Math.Max(callbacks.Count, callIns.Count); i++)
            await store.EraseAsync(tenant, new PersonalDataFound(callbacks.ElementAtOrDefault(i) ?? [], callIns.ElementAtOrDefault(i) ?? [], 0), now, by);
        return new Erased(found.Callbacks.Count, found.CallIns.Count, found.InUse);
    }

    /// <summary>Everything that holds the number, whether it is over or not, a page at a time. Written down with who asked, without the number, before it is handed out.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="phoneNumber">The number in E.164.</param>
    /// <param name="after">Only what is newer: <see cref="KeptData.Next"/> of the page before.</param>
    /// <param name="most">How many callbacks and requests at most.</param>
    /// <param name="by">Who asks.</param>
    public async Task<Answer<KeptData>> ExportAsync(TenantId tenant, string phoneNumber, Guid? after, int most, string by)
    {
        var read = ReadNumber(phoneNumber);
        return read.Fault is { } fault ? fault : await store.ExportAsync(tenant, read.Value, after ?? Guid.Empty, most, clock.Now(), by);
    }

    /// <summary>Erases a push address from every callback that is over. Written down with who asked, without the address.</summary>
    public async Task<Erased> EraseByAddressAsync(TenantId tenant, string address, string by)
    {
        var now = clock.Now();
        var found = await store.FindByAddressAsync(tenant, address);
        foreach (var callbacks in found.Callbacks.Chunk(BatchSize)) await store.EraseAddressAsync(tenant, callbacks, address, now, by);
        return new Erased(found.Callbacks.Count, 0, found.InUse);
    }

    /// <summary>A national number would be read by the region of a queue, and here is none.</summary>
    private static Answer<string> ReadNumber(string phoneNumber) => phoneNumber.StartsWith('+')
        ? PhoneNumberReader.Read(phoneNumber, "US")
        : Problems.PhoneNumberInvalid.With("phoneNumber must be in E.164, such as +14155550123.");
}
