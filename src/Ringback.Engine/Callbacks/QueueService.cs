using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>Queues as the outside sees them: reports, estimates and settings, which all go through the queue's owner.</summary>
public sealed class QueueService(IQueueStore queues, IQueueOwners owners, IPushApps apps, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Longest name of a queue.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The queue of that name, or the management API's 404.</summary>
    public async Task<Answer<StoredQueue>> FindAsync(TenantId tenant, string name) =>
        await queues.FindAsync(tenant, name) is { } queue ? queue : Problems.QueueNotFound.With("No queue of this tenant has that name.");

    /// <summary>Every queue of the tenant.</summary>
    public Task<IReadOnlyList<StoredQueue>> ListAsync(TenantId tenant) => queues.ListAsync(tenant);

    /// <summary>Adds a queue with the settings that <paramref name="fields"/> names and defaults for the rest.</summary>
    public async Task<Answer<StoredQueue>> AddAsync(TenantId tenant, string name, JsonElement fields, string changedBy)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
            return Problems.InvalidParameters.With($"The queue's name must have 1 to {MaxNameLength} characters and no control characters.");
        var settings = QueueSettingsJson.Merge(new QueueSettings(), fields);
        if (settings.Fault is { } fault) return fault;
        if (await AppMistakeAsync(tenant, fields) is { } noApp) return noApp;
        return await queues.AddAsync(tenant, name, settings.Value, changedBy, clock.Now()) is { } added
            ? added
            : Problems.QueueExists.With("Change its settings with PATCH.");
    }

    /// <summary>Changes the settings that <paramref name="patch"/> names; in force at once, for callbacks that wait too.</summary>
    public async Task<Answer<StoredQueue>> ChangeAsync(TenantId tenant, string name, JsonElement patch, string changedBy)
    {
        var found = await FindAsync(tenant, name);
        if (found.Fault is { } unknown) return unknown;
        if (await AppMistakeAsync(tenant, patch) is { } noApp) return noApp;
        return await owners.Of(found.Value.Key).ChangeSettingsAsync(patch.GetRawText(), changedBy);
    }

    /// <summary>An app without credentials would make every push of the queue wait. What is wrong in other ways is left to the check of all settings.</summary>
    private async Task<Fault?> AppMistakeAsync(TenantId tenant, JsonElement fields) =>
        fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty("firebaseApp", out var app) && app.ValueKind == JsonValueKind.String
            && app.GetString() is { Length: > 0 and <= 32 } name && !await apps.HasAsync(tenant, name)
            ? Problems.InvalidParameters.With("firebaseApp names no Firebase app of this tenant. Store its credentials first, or leave the setting out for the default app.")
            : null;

    /// <summary>Step 3: takes a report of the agent side.</summary>
    public async Task<Answer<ArrivalEstimate>> ReportAsync(TenantId tenant, string name, QueueReport report)
    {
        var found = await FindAsync(tenant, name);
        return found.Fault is { } unknown ? unknown : await owners.Of(found.Value.Key).ReportAsync(report);
    }

    /// <summary>The wait of a new arrival; an unknown queue is the engagement API's 400.</summary>
    public async Task<Answer<ArrivalEstimate>> EstimateAsync(TenantId tenant, string name, EwtMode mode) =>
        await queues.FindAsync(tenant, name) is { } queue
            ? await owners.Of(queue.Key).EstimateAsync(mode)
            : Problems.QueueUnknown.With("virtual-queues names a queue that this tenant does not have.");
}
