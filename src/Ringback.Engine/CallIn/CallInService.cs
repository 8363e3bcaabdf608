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

/// <summary>Click-to-call-in: gives out where to call. <see cref="CallInMatcher"/> finds out who calls.</summary>
public sealed class CallInService(
    ICallInStore store, ICallbackStore callbacks, IQueueOwners owners, TenantThrottle throttle, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Call-in groups have no region of their own: a number without a country code is one of the United States.</summary>
    internal const string Region = "US";

    /// <summary>Codes tried for one request. Where codes are long enough for the load, one or two do.</summary>
    private const int MostTries = 20;

    /// <summary>
    /// How much longer than its request a code is kept. The request's time begins when the queue's owner has it, later and maybe by another node's clock; a code
    /// whose request has ended is free before that.
    /// </summary>
    private static readonly TimeSpan claimMargin = TimeSpan.FromMinutes(2);

    private int turn;

    /// <summary>Call-in data for a request. For a READY callback the second push goes out with the same commit (rule B5).</summary>
    public async Task<Answer<CallInRecord>> CreateAsync(TenantId tenant, CallInRequest request)
    {
        if (throttle.Take(tenant) is { } later) return later;
        if (await store.FindGroupAsync(tenant, request.GroupName) is not { } group) return Problems.CallInGroupUnknown.With("groupName names no call-in group of this tenant.");
        string? from = null;
        if (request.FromPhoneNumber is { } written)
        {
            var read = PhoneNumberReader.Read(written, Region, "fromPhoneNumber");
            if (read.Fault is { } unreadable) return unreadable;
            from = read.Value;
        }
        var id = Guid.CreateVersion7(clock.Now());
        var claim = group.AccessCodeDigits == 0 ? null : await ClaimAsync(tenant, group, id);
        if (claim is null && group.AccessCodeDigits > 0) return NoCode;
        var terms = Terms(group, id, from, claim?.Code, request.UserDataJson);
        var given = request.CallbackId is { } callbackId ? await AcceptAsync(tenant, callbackId, terms) : await StandAloneAsync(tenant, terms);
        // Refused, or given the data that hold already: nobody was told this code. Where the outcome is unknown it is kept.
        if (claim is not null && (given.Fault is { } fault ? fault.Problem != Problems.StorageUnavailable : given.Value.Id != id)) await store.ReleaseCodeAsync(tenant, claim);
        return given;
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

    private async Task<Answer<CallInRecord>> AcceptAsync(TenantId tenant, Guid callbackId, CallInTerms terms)
    {
        if (await callbacks.FindAsync(tenant, callbackId) is not { Callback.State: not CallbackState.Completed } stored)
            return Problems.CallInNotReady.With("callbackServiceId names no callback that waits in this tenant.");
        return await owners.Of(stored.Queue).AcceptCallInAsync(callbackId, terms);
    }

    private async Task<Answer<CallInRecord>> StandAloneAsync(TenantId tenant, CallInTerms terms)
    {
        var request = terms.GiveOut(null, clock.Now());
        await store.AddRequestAsync(tenant, request);
        return request;
    }

    private CallInTerms Terms(CallInGroup group, Guid id, string? from, string? code, string? userDataJson) => new()
    {
        Id = id,
        GroupName = group.Name,
        ToPhoneNumber = group.PhoneNumbers[(int)((uint)Interlocked.Increment(ref turn) % (uint)group.PhoneNumbers.Count)],
        FromPhoneNumber = from,
        AccessCode = code,
        UserDataJson = userDataJson,
        Lifetime = TimeSpan.FromSeconds(group.ExpirySeconds),
    };

    /// <summary>Random digits without a leading zero, so that a code reads the same as a number. Null where every one that was tried is taken.</summary>
    private async Task<CodeClaim?> ClaimAsync(TenantId tenant, CallInGroup group, Guid requestId)
    {
        var least = (int)Math.Pow(10, group.AccessCodeDigits - 1);
        for (var tries = 0; tries < MostTries; tries++)
        {
            var code = RandomNumberGenerator.GetInt32(least, least * 10).ToString(CultureInfo.InvariantCulture);
            var now = clock.Now();
            var claim = new CodeClaim(group.Name, code, requestId, now.AddSeconds(group.ExpirySeconds) + claimMargin);
            if (await store.ClaimCodeAsync(tenant, claim, now)) return claim;
        }
        return null;
    }

    private static Fault NoCode =>
        Problems.StorageUnavailable.With("Every access code tried was taken. Send the same request again; an administrator can give the group longer codes.") with { RetryAfter = TimeSpan.FromSeconds(1) };
}
