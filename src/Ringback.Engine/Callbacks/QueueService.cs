using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Delivery;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <summary>Queues as the outside sees them: reports, estimates and settings, which all go through the queue's owner.</summary>
public sealed class QueueService(
    IQueueStore queues, IQueueOwners owners, IPushApps apps, SettingsImport import, DeliveryPauses pauses, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>The queue of that name, or the management API's 404.</summary>
    public async Task<Answer<StoredQueue>> FindAsync(TenantId tenant, string name) =>
        await queues.FindAsync(tenant, name) is { } queue ? queue : Problems.QueueNotFound.With("No queue of this tenant has that name.");

    /// <summary>Every queue of the tenant.</summary>
    public Task<IReadOnlyList<StoredQueue>> ListAsync(TenantId tenant) => queues.ListAsync(tenant);

    /// <summary>Adds a queue with the settings that <paramref name="fields"/> names and defaults for the rest.</summary>
    public async Task<Answer<StoredQueue>> AddAsync(TenantId tenant, string name, JsonElement fields, string changedBy)
    {
        if (QueueName.MistakeOf(name) is { } wrong) return Problems.InvalidParameters.With([new FieldMistake("queue", wrong)]);
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

    /// <summary>Gives a queue a text of its own for an event and a language; null = the program's again.</summary>
    public Task<Answer<StoredQueue>> ChangeTextAsync(TenantId tenant, string name, string pushEvent, string language, PushText? text, string changedBy)
    {
        var own = text is null ? null : new { title = text.Title, body = text.Body };
        var patch = new { texts = new Dictionary<string, object> { [pushEvent] = new Dictionary<string, object?> { [language] = own } } };
        return ChangeAsync(tenant, name, JsonSerializer.SerializeToElement(patch), changedBy);
    }

    /// <summary>Deletes a queue, if no callback is in it. A pause of its pushes ends with it, and what that held goes out.</summary>
    public async Task<Answer<int>> DeleteAsync(TenantId tenant, string name, string deletedBy)
    {
        var found = await FindAsync(tenant, name);
        if (found.Fault is { } unknown) return unknown;
        var deleted = await owners.Of(found.Value.Key).DeleteAsync(deletedBy);
        if (deleted.Fault is null) await NoticePausesAsync();
        return deleted;
    }

    private async Task NoticePausesAsync()
    {
        try
        {
            await pauses.RefreshAsync();
        }
        catch (StorageException)
        {
            // The queue is deleted already. The loop reads the pauses again with its next sweep.
        }
    }

    /// <summary>Imports a file of settings, all of it or nothing; what it changes is in force when this ends.</summary>
    public async Task<Answer<ImportReport>> ImportAsync(TenantId tenant, SettingsTable table, string changedBy, bool dryRun)
    {
        var answer = await import.RunAsync(tenant, table, changedBy, dryRun);
        if (answer.Fault is null)
        {
            // It is true already. An owner that cannot be told now has to load the queue anyway, or looks by itself within seconds.
            foreach (var queue in answer.Value.Written.Where(q => q.Version > 1))
                await owners.Of(queue.Key).AdoptSettingsAsync(QueueSettingsJson.Write(queue.Settings), queue.Version);
        }
        return answer;
    }

    /// <summary>What was changed of a queue's settings, by whom and when, the newest first. A deleted queue's history stays under its name.</summary>
    /// <param name="tenant">Whose queue.</param>
    /// <param name="name">Its name.</param>
    /// <param name="before">Only what is older than this version; null = from the newest on.</param>
    /// <param name="limit">At most so many entries.</param>
    public async Task<Answer<IReadOnlyList<SettingsHistoryEntry>>> HistoryAsync(TenantId tenant, string name, (int QueueId, int Version)? before, int limit)
    {
        // One more than is shown: the last one is compared with it.
        var versions = await queues.HistoryAsync(tenant, name, before, limit + 1);
        if (versions.Count == 0 && before is null) return Problems.QueueNotFound.With("No queue of this tenant has or had that name.");
        return Answer.Of<IReadOnlyList<SettingsHistoryEntry>>([.. versions.Take(limit).Select((version, i) => new SettingsHistoryEntry(version, ChangesOf(version, versions.ElementAtOrDefault(i + 1))))]);
    }

    private static IReadOnlyList<SettingChange> ChangesOf(SettingsVersion version, SettingsVersion? older) =>
        version.Settings is not { } settings ? [] : SettingChange.Between(older?.QueueId == version.QueueId ? older.Settings! : new QueueSettings(), settings);

    /// <summary>An app without credentials would make every push of the queue wait. What is wrong in other ways is left to the check of all settings.</summary>
    private async Task<Fault?> AppMistakeAsync(TenantId tenant, JsonElement fields) =>
        fields.ValueKind == JsonValueKind.Object && fields.TryGetProperty("firebaseApp", out var app) && app.ValueKind == JsonValueKind.String
            && app.GetString() is { Length: > 0 and <= 32 } name && !await apps.HasAsync(tenant, name)
            ? Problems.InvalidParameters.With([SettingsImport.NoSuchApp])
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
