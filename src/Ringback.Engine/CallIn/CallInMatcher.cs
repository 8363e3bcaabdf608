using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Callbacks;

namespace Ringback.Engine.CallIn;

/// <summary>A call that has come in, as far as the switch knows it.</summary>
/// <param name="AccessCode">Digits that the caller entered.</param>
/// <param name="FromPhoneNumber">Calling number as the switch wrote it.</param>
/// <param name="ToPhoneNumber">Dialled number as the switch wrote it.</param>
/// <param name="Queue">Name of the queue that the call goes to.</param>
public sealed record IncomingCall(string? AccessCode, string? FromPhoneNumber, string? ToPhoneNumber, string? Queue);

/// <summary>Whose call it is.</summary>
public sealed record CallInMatch
{
    /// <summary>The request that the call belongs to; null where only a callback that waits was found.</summary>
    public CallInRecord? Request { get; init; }

    /// <summary>Which of <c>accessCode</c>, <c>fromPhoneNumber</c>, <c>toPhoneNumber</c> fitted.</summary>
    public required IReadOnlyList<string> MatchedBy { get; init; }

    /// <summary>The callback whose conversation begins with the call, if any.</summary>
    public Guid? CallbackId { get; init; }

    /// <summary>Under which COMPLETED is reported, where there is a callback.</summary>
    public Guid? AttemptId { get; init; }

    /// <summary>Whether the callback waited for a call of ours and is not called any more.</summary>
    public bool Merged { get; init; }

    /// <summary>App data of the request, else of the callback, a JSON object.</summary>
    public string? UserDataJson { get; init; }
}

/// <summary>
/// Finds out who calls: the request that the call belongs to, and the callback that need not be called any more because its customer calls (rules B5, C1).
/// </summary>
public sealed class CallInMatcher(
    ICallInStore store, ICallbackStore callbacks, QueueService queues, IQueueOwners owners, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>
    /// By access code alone where one was entered, else by calling number, then by dialled number. A callback that waits for the calling number is merged where
    /// it is known which queue the call is for: by its name, or by the call-in group of the request or of the dialled number.
    /// </summary>
    public async Task<Answer<CallInMatch>> MatchAsync(TenantId tenant, IncomingCall call)
    {
        if (call is { AccessCode: null, FromPhoneNumber: null, ToPhoneNumber: null })
            return Problems.InvalidParameters.With("Send at least one of accessCode, fromPhoneNumber and toPhoneNumber.");
        call = call with { FromPhoneNumber = Normal(call.FromPhoneNumber), ToPhoneNumber = Normal(call.ToPhoneNumber) };
        QueueKey? named = null;
        if (call.Queue is { } name)
        {
            var queue = await queues.FindAsync(tenant, name);
            if (queue.Fault is { } unknown) return unknown;
            named = queue.Value.Key;
        }

        var open = await store.FindOpenAsync(tenant, call.AccessCode, call.FromPhoneNumber, call.ToPhoneNumber, clock.Now());
        var request = Best(open, call);
        if (request is null && call.AccessCode is not null) return NoMatch;
        if (request?.CallbackId is { } callbackId) return await AcceptedAsync(tenant, callbackId, request, call);

        var merged = await MergeAsync(tenant, request, call, named);
        if (merged.Fault is { } refused) return refused;
        if (request is not null && merged.Value is null && !await store.MarkMatchedAsync(tenant, request.Id, clock.Now())) return NoMatch;
        if (request is null && merged.Value is null) return NoMatch;
        return new CallInMatch
        {
            Request = request,
            MatchedBy = request is null ? FittingOf(call) : FittingOf(request, call),
            CallbackId = merged.Value?.CallbackId,
            AttemptId = merged.Value?.AttemptId,
            Merged = merged.Value is not null,
            UserDataJson = request?.UserDataJson ?? (merged.Value is { } found ? (await callbacks.FindDetailsAsync(tenant, found.CallbackId))?.UserDataJson : null),
        };
    }

    /// <summary>
    /// A code decides alone: a caller who enters a wrong one is not matched by a number that many may share. A dialled number decides only where one
    /// request fits it.
    /// </summary>
    private static CallInRecord? Best(IReadOnlyList<CallInRecord> open, IncomingCall call)
    {
        var (accessCode, from, to) = (call.AccessCode, call.FromPhoneNumber, call.ToPhoneNumber);
        if (accessCode is not null) return open.FirstOrDefault(r => r.AccessCode == accessCode && (to is null || r.ToPhoneNumber == to));
        if (from is not null && open.FirstOrDefault(r => r.FromPhoneNumber == from) is { } byCaller) return byCaller;
        var byDialled = open.Where(r => r.AccessCode is null && r.FromPhoneNumber is null && r.ToPhoneNumber == to).Take(2).ToList();
        return byDialled.Count == 1 ? byDialled[0] : null;
    }

    /// <summary>A number as the switch wrote it, in E.164; one that cannot be read matches nothing but is no mistake: switches pass on what they get.</summary>
    private static string? Normal(string? phoneNumber) =>
        phoneNumber is not null && PhoneNumberReader.Read(phoneNumber, CallInService.Region) is { Fault: null } read ? read.Value : phoneNumber;

    private static List<string> FittingOf(CallInRecord request, IncomingCall call)
    {
        var by = new List<string>();
        if (call.AccessCode is { } code && request.AccessCode == code) by.Add("accessCode");
        if (call.FromPhoneNumber is { } from && request.FromPhoneNumber == from) by.Add("fromPhoneNumber");
        if (call.ToPhoneNumber is { } to && request.ToPhoneNumber == to) by.Add("toPhoneNumber");
        return by;
    }

    /// <summary>Without a request it is the callback's number that fitted, and the dialled one where that named the queue.</summary>
    private static string[] FittingOf(IncomingCall call) => call.Queue is null ? ["fromPhoneNumber", "toPhoneNumber"] : ["fromPhoneNumber"];

    private async Task<Answer<CallInMatch>> AcceptedAsync(TenantId tenant, Guid callbackId, CallInRecord request, IncomingCall call)
    {
        if (await callbacks.FindAsync(tenant, callbackId) is not { } stored) return NoMatch;
        var matched = await owners.Of(stored.Queue).MatchCallInAsync(callbackId, request.Id);
        if (matched.Fault is { } fault) return fault;
        return new CallInMatch { Request = request, MatchedBy = FittingOf(request, call), CallbackId = callbackId, AttemptId = matched.Value.AttemptId, UserDataJson = request.UserDataJson };
    }

    private async Task<Answer<MergedCallIn?>> MergeAsync(TenantId tenant, CallInRecord? request, IncomingCall call, QueueKey? named)
    {
        string?[] numbers = [call.FromPhoneNumber, request?.FromPhoneNumber];
        if (numbers.All(number => number is null)) return (MergedCallIn?)null;
        foreach (var queue in named is { } one ? [one] : await QueuesForAsync(tenant, request, call.ToPhoneNumber))
        {
            foreach (var number in numbers.OfType<string>().Distinct())
            {
                var merged = await owners.Of(queue).MergeCallInAsync(number, request);
                if (merged.Fault is not null || merged.Value is not null) return merged;
            }
        }
        return (MergedCallIn?)null;
    }

    /// <summary>The queues that use the call-in group of the request, or one with the dialled number.</summary>
    private async Task<IReadOnlyList<QueueKey>> QueuesForAsync(TenantId tenant, CallInRecord? request, string? dialled)
    {
        HashSet<string> groups = request is not null ? [request.GroupName]
            : [.. (await store.ListGroupsAsync(tenant)).Where(group => dialled is not null && group.PhoneNumbers.Contains(dialled)).Select(group => group.Name)];
        return groups.Count == 0 ? [] : [.. (await queues.ListAsync(tenant)).Where(queue => queue.Settings.CallInGroup is { } group && groups.Contains(group)).Select(queue => queue.Key)];
    }

    private static Fault NoMatch => Problems.CallInNoMatch.With("No open call-in request of this tenant fits, and no callback of that number waits in the queue that the call is for.");
}
