using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Callbacks;

namespace Ringback.Engine.CallIn;

/// <summary>A call-in request with its fields read.</summary>
public sealed record CallInRequest
{
    /// <summary>Name of the group.</summary>
    public required string GroupName { get; init; }

    /// <summary>Number that the customer will call from.</summary>
    public string? FromPhoneNumber { get; init; }

    /// <summary>App data, a JSON object.</summary>
    public string? UserDataJson { get; init; }

    /// <summary>The READY callback that this request accepts, if any.</summary>
    public Guid? CallbackId { get; init; }
}

/// <summary>A call that was matched to its request.</summary>
/// <param name="Request">The request.</param>
/// <param name="MatchedBy">Which of <c>accessCode</c>, <c>fromPhoneNumber</c>, <c>toPhoneNumber</c> fitted.</param>
/// <param name="AttemptId">Under which COMPLETED is reported, where the request belongs to a callback.</param>
public sealed record CallInMatch(CallInRecord Request, IReadOnlyList<string> MatchedBy, Guid? AttemptId);

/// <summary>Click-to-call-in: gives out where to call, and finds out who calls.</summary>
public sealed class CallInService(
    ICallInStore store, ICallbackStore callbacks, IQueueOwners owners, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Call-in groups have no region of their own: a number without a country code is one of the United States.</summary>
    private const string Region = "US";

    private int turn;

    /// <summary>Call-in data for a request. For a READY callback the second push goes out with the same commit (rule B5).</summary>
    public async Task<Answer<CallInRecord>> CreateAsync(TenantId tenant, CallInRequest request)
    {
        if (await store.FindGroupAsync(tenant, request.GroupName) is not { } group) return Problems.CallInGroupUnknown.With("groupName names no call-in group of this tenant.");
        string? from = null;
        if (request.FromPhoneNumber is { } written)
        {
            var read = PhoneNumberReader.Read(written, Region, "fromPhoneNumber");
            if (read.Fault is { } unreadable) return unreadable;
            from = read.Value;
        }
        var terms = await TermsAsync(tenant, group, from, request.UserDataJson);
        return request.CallbackId is { } callbackId ? await AcceptAsync(tenant, callbackId, terms) : await StandAloneAsync(tenant, terms);
    }

    /// <summary>Finds the request that an incoming call belongs to: by access code alone where one was entered, else by calling number, then by dialled number.</summary>
    public async Task<Answer<CallInMatch>> MatchAsync(TenantId tenant, string? accessCode, string? fromPhoneNumber, string? toPhoneNumber)
    {
        if (accessCode is null && fromPhoneNumber is null && toPhoneNumber is null)
            return Problems.InvalidParameters.With("Send at least one of accessCode, fromPhoneNumber and toPhoneNumber.");
        var (from, to) = (Normal(fromPhoneNumber), Normal(toPhoneNumber));
        var open = await store.FindOpenAsync(tenant, accessCode, from, to, clock.Now());
        if (Best(open, accessCode, from, to) is not { } request) return NoMatch;

        Guid? attemptId = null;
        if (request.CallbackId is { } callbackId)
        {
            if (await callbacks.FindAsync(tenant, callbackId) is not { } stored) return NoMatch;
            var matched = await owners.Of(stored.Queue).MatchCallInAsync(callbackId, request.Id);
            if (matched.Fault is { } fault) return fault;
            attemptId = matched.Value.AttemptId;
        }
        else if (!await store.MarkMatchedAsync(tenant, request.Id, clock.Now())) return NoMatch;

        var by = new List<string>();
        if (accessCode is not null && request.AccessCode == accessCode) by.Add("accessCode");
        if (from is not null && request.FromPhoneNumber == from) by.Add("fromPhoneNumber");
        if (to is not null && request.ToPhoneNumber == to) by.Add("toPhoneNumber");
        return new CallInMatch(request, by, attemptId);
    }

    /// <summary>Adds or replaces a group after checking it.</summary>
    public async Task<Answer<CallInGroup>> SaveGroupAsync(TenantId tenant, CallInGroup group)
    {
        if (group.PhoneNumbers.Count is 0 or > 50) return Problems.InvalidParameters.With("phoneNumbers must name 1 to 50 numbers.");
        if (group.AccessCodeDigits is not 0 and (< 4 or > 9)) return Problems.InvalidParameters.With("accessCodeDigits must be 0 (no codes) or 4 to 9.");
        if (group.ExpirySeconds is < 10 or > 86_400) return Problems.InvalidParameters.With("expirySeconds must be a whole number from 10 to 86400.");
        await store.SaveGroupAsync(tenant, group);
        return group;
    }

    /// <summary>
    /// A code decides alone: a caller who enters a wrong one is not matched by a number that many may share. A dialled number decides only where one
    /// request fits it.
    /// </summary>
    private static CallInRecord? Best(IReadOnlyList<CallInRecord> open, string? accessCode, string? from, string? to)
    {
        if (accessCode is not null) return open.FirstOrDefault(r => r.AccessCode == accessCode && (to is null || r.ToPhoneNumber == to));
        if (from is not null && open.FirstOrDefault(r => r.FromPhoneNumber == from) is { } byCaller) return byCaller;
        var byDialled = open.Where(r => r.AccessCode is null && r.FromPhoneNumber is null && r.ToPhoneNumber == to).Take(2).ToList();
        return byDialled.Count == 1 ? byDialled[0] : null;
    }

    /// <summary>A number as the switch wrote it, in E.164; one that cannot be read matches nothing but is no mistake: switches pass on what they get.</summary>
    private static string? Normal(string? phoneNumber) =>
        phoneNumber is not null && PhoneNumberReader.Read(phoneNumber, Region) is { Fault: null } read ? read.Value : phoneNumber;

    private async Task<Answer<CallInRecord>> AcceptAsync(TenantId tenant, Guid callbackId, CallInTerms terms)
    {
        if (await callbacks.FindAsync(tenant, callbackId) is not { Callback.State: not CallbackState.Completed } stored)
            return Problems.CallInNotReady.With("callbackServiceId names no callback that waits in this tenant.");
        return await owners.Of(stored.Queue).AcceptCallInAsync(callbackId, terms);
    }

    private async Task<Answer<CallInRecord>> StandAloneAsync(TenantId tenant, CallInTerms terms)
    {
        var now = clock.Now();
        var request = terms.GiveOut(null, now);
        return await store.AddRequestAsync(tenant, request, now)
            ? request
            : Problems.StorageUnavailable.With("Every access code tried was taken. Send the same request again.") with { RetryAfter = TimeSpan.FromSeconds(1) };
    }

    private async Task<CallInTerms> TermsAsync(TenantId tenant, CallInGroup group, string? from, string? userDataJson) => new()
    {
        Id = Guid.CreateVersion7(clock.Now()),
        GroupName = group.Name,
        ToPhoneNumber = group.PhoneNumbers[(int)((uint)Interlocked.Increment(ref turn) % (uint)group.PhoneNumbers.Count)],
        FromPhoneNumber = from,
        AccessCode = group.AccessCodeDigits == 0 ? null : await FreeCodeAsync(tenant, group),
        UserDataJson = userDataJson,
        Lifetime = TimeSpan.FromSeconds(group.ExpirySeconds),
    };

    /// <summary>Random digits without a leading zero, so that a code reads the same as a number. A few tries suffice where codes are long enough for the load.</summary>
    private async Task<string> FreeCodeAsync(TenantId tenant, CallInGroup group)
    {
        var least = (int)Math.Pow(10, group.AccessCodeDigits - 1);
        var code = "";
        for (var tries = 0; tries < 20; tries++)
        {
            code = RandomNumberGenerator.GetInt32(least, least * 10).ToString(CultureInfo.InvariantCulture);
            if (!await store.IsCodeTakenAsync(tenant, group.Name, code, clock.Now())) return code;
        }
        return code;
    }

    private static Fault NoMatch => Problems.CallInNoMatch.With("No open call-in request of this tenant fits.");
}
