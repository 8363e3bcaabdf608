using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>A create request with its fields read but not yet judged.</summary>
public sealed record CreateRequest
{
    /// <summary>Name of the queue.</summary>
    public required string ServiceName { get; init; }

    /// <summary>Number as the app wrote it.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>Desired time; null = as soon as possible.</summary>
    public DateTimeOffset? DesiredTime { get; init; }

    /// <summary>Whether a full slot is a reason to refuse rather than to move the callback.</summary>
    public bool AlwaysCheckCapacity { get; init; }

    /// <summary>Language of the pushes.</summary>
    public string? Language { get; init; }

    /// <summary>Whom to tell.</summary>
    public required IReadOnlyList<PushTarget> Targets { get; init; }

    /// <summary>The rest.</summary>
    public required CallbackDetails Details { get; init; }
}

/// <summary>A callback with the name of its queue.</summary>
public sealed record ListedCallback(string QueueName, CallbackStatus Status);

/// <summary>A callback's life as the outside sees it: used by the API, the pages and the commands alike.</summary>
public sealed class CallbackService(
    IQueueStore queues, ICallbackStore callbacks, IQueueOwners owners, TenantThrottle throttle, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>A desired time further ahead than this is a mistake.</summary>
    public static readonly TimeSpan FurthestDesiredTime = TimeSpan.FromDays(366);

    /// <summary>Takes a callback into its queue and gives its id.</summary>
    public async Task<Answer<Guid>> CreateAsync(TenantId tenant, CreateRequest request)
    {
        if (throttle.Take(tenant) is { } later) return later;
        if (await queues.FindAsync(tenant, request.ServiceName) is not { } queue) return Problems.QueueUnknown.With("serviceName names no queue of this tenant.");
        var number = PhoneNumberReader.Read(request.PhoneNumber, queue.Settings.Region);
        if (number.Fault is { } unreadable) return unreadable;
        if (NumberRules.Judge(number.Value, queue.Settings) is { } notThis) return notThis;
        if (request.DesiredTime is { } desired)
        {
            var now = clock.Now();
            if (desired < now) return Problems.InvalidParameters.With("desiredTime is in the past. Leave it out for a callback as soon as possible.");
            if (desired > now + FurthestDesiredTime) return Problems.InvalidParameters.With("desiredTime is more than a year ahead.");
        }

        var answer = await owners.Of(queue.Key).CreateAsync(new NewCallback
        {
            PhoneNumber = number.Value,
            DesiredAt = request.DesiredTime,
            AlwaysCheckCapacity = request.AlwaysCheckCapacity,
            Language = request.Language,
            Targets = request.Targets,
            Details = request.Details,
        });
        if (answer.Fault is { } refused) return refused;
        return answer.Value.WaitsAlready ? await GiveBackAsync(tenant, answer.Value.Id, request.Targets) : answer.Value.Id;
    }

    /// <summary>How a callback stands, over or not.</summary>
    public async Task<Answer<CallbackStatus>> RetrieveAsync(TenantId tenant, Guid callbackId)
    {
        if (await callbacks.FindAsync(tenant, callbackId) is not { } stored) return Unknown;
        if (stored.Callback.State != CallbackState.Completed)
        {
            var answer = await owners.Of(stored.Queue).RetrieveAsync(callbackId);
            if (answer.Fault?.Problem != Problems.CallbackNotFound) return answer;
            // It was over between the two looks.
            stored = await callbacks.FindAsync(tenant, callbackId);
        }
        return stored is null ? Unknown : new CallbackStatus(stored.Callback, null, null);
    }

    /// <summary>The tenant's callbacks that fit, the newest first, as they stand now.</summary>
    public async Task<IReadOnlyList<ListedCallback>> ListAsync(TenantId tenant, CallbackFilter filter) =>
        await Task.WhenAll((await callbacks.ListAsync(tenant, filter)).Select(StandAsync));

    /// <summary>One callback with its queue, as it stands now.</summary>
    public async Task<Answer<ListedCallback>> FindAsync(TenantId tenant, Guid callbackId) =>
        await callbacks.FindAsync(tenant, callbackId) is { } stored ? await StandAsync(stored) : Unknown;

    /// <summary>Ends a callback on request; not once it is PROCESSING or COMPLETED.</summary>
    public async Task<Answer<Guid>> CancelAsync(TenantId tenant, Guid callbackId)
    {
        if (await callbacks.FindAsync(tenant, callbackId) is not { } stored) return Unknown;
        var answer = stored.Callback.State == CallbackState.Completed ? Unknown : await owners.Of(stored.Queue).CancelAsync(callbackId);
        return answer.Fault?.Problem == Problems.CallbackNotFound
            ? Problems.CallbackStateConflict.With("The callback is COMPLETED and cannot be cancelled any more.")
            : answer;
    }

    /// <summary>What happened to a callback and why (rule D10).</summary>
    public async Task<Answer<IReadOnlyList<TimelineEntry>>> TimelineAsync(TenantId tenant, Guid callbackId)
    {
        var entries = await callbacks.TimelineAsync(tenant, callbackId);
        return entries.Count > 0 ? Answer.Of(entries) : Unknown;
    }

    /// <summary>A list is worth showing without positions, so an owner that cannot be reached at present spoils none.</summary>
    private async Task<ListedCallback> StandAsync(StoredCallback stored)
    {
        if (stored.Callback.State == CallbackState.Completed) return new ListedCallback(stored.QueueName, new CallbackStatus(stored.Callback, null, null));
        var answer = await owners.Of(stored.Queue).RetrieveAsync(stored.Callback.Id);
        return new ListedCallback(stored.QueueName, answer.Fault is null ? answer.Value : new CallbackStatus(stored.Callback, null, null));
    }

    /// <summary>
    /// The same number waits already (rule D9). The engagement key ships inside apps, so whoever sends it is a stranger: the id is given back only to
    /// someone who knows one of the callback's push targets.
    /// </summary>
    private async Task<Answer<Guid>> GiveBackAsync(TenantId tenant, Guid waiting, IReadOnlyList<PushTarget> targets)
    {
        var known = await callbacks.FindAddressesAsync(tenant, waiting);
        if (targets.Any(target => known.Contains(target.Address, StringComparer.Ordinal))) return waiting;
        return Problems.TooManyRequests.With("A callback to this phone number waits in this queue already. Cancel it first, or wait for the call.");
    }

    private static Fault Unknown => Problems.CallbackNotFound.With("No callback has that id.");
}
