using Microsoft.Extensions.DependencyInjection;

namespace Ringback.Engine.Queues;

/// <summary>What an import does, or would do, to one queue.</summary>
public enum ImportAction
{
    /// <summary>Nothing: the settings are the same.</summary>
    Unchanged,

    /// <summary>Changes its settings.</summary>
    Changed,

    /// <summary>Adds it.</summary>
    Added,
}

/// <summary>One queue of an import.</summary>
/// <param name="Line">Where it begins in the file.</param>
/// <param name="Queue">Its name.</param>
/// <param name="Action">What happens to it.</param>
/// <param name="Changes">What differs; an added queue is compared with the defaults.</param>
public sealed record ImportedQueue(int Line, string Queue, ImportAction Action, IReadOnlyList<SettingChange> Changes);

/// <summary>What an import did, or would do.</summary>
/// <param name="Queues">The queues in the order of the file.</param>
/// <param name="Written">The queues whose settings are new in the database; none after a dry run.</param>
public sealed record ImportReport(IReadOnlyList<ImportedQueue> Queues, IReadOnlyList<StoredQueue> Written);

/// <summary>What an import writes for one queue.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Before">The queue as the plan found it, or null where it is added.</param>
/// <param name="Settings">Its settings from now on.</param>
public sealed record QueueWrite(string Name, StoredQueue? Before, QueueSettings Settings)
{
    /// <summary>Whether customers and agents change roles, which a queue with callbacks in it cannot.</summary>
    public bool ChangesType => Before is { } before && before.Settings.Type != Settings.Type;
}

/// <summary>
/// Imports a file of settings: all of it or nothing (rule C2). The whole file is judged first, every mistake is told by its line, and what is to be written goes into
/// one transaction, which also finds out whether somebody changed one of the queues meanwhile. Importing the same file again changes nothing.
/// </summary>
public sealed class SettingsImport(IQueueStore store, IPushApps apps, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Somebody who changes settings all the time must not hold an import up for ever.</summary>
    private const int Tries = 3;

    /// <summary>An app without credentials would make every push of the queue wait.</summary>
    internal static FieldMistake NoSuchApp { get; } = new("firebaseApp", "names no Firebase app of this tenant. Store its credentials first, or leave the setting out for the default app");

    /// <summary>Imports a file, or only says what that would do.</summary>
    /// <param name="tenant">Whose queues.</param>
    /// <param name="table">The file as it was read.</param>
    /// <param name="changedBy">Who imports.</param>
    /// <param name="dryRun">Whether nothing is to be written.</param>
    public async Task<Answer<ImportReport>> RunAsync(TenantId tenant, SettingsTable table, string changedBy, bool dryRun)
    {
        for (var left = Tries; left > 0; left--)
        {
            var plan = Plan(table, await store.ListAsync(tenant));
            if (plan.Fault is { } fault) return fault;
            var (queues, writes) = plan.Value;
            if (await AppMistakesAsync(tenant, plan.Value) is { Count: > 0 } noApps) return Refuse(noApps);
            if (dryRun || writes.Count == 0) return new ImportReport(queues, []);
            switch (await store.WriteAllAsync(tenant, writes, changedBy, clock.Now()))
            {
                case WriteAllResult.Written written:
                    return new ImportReport(queues, written.Queues);
                case WriteAllResult.NotEmpty held:
                    return Refuse([new FieldMistake("type", "can be changed only while no callback is in the queue") { Line = queues.First(q => q.Queue == held.Queue).Line }]);
                default:
                    // Somebody was faster: the file is judged anew against what they wrote.
                    break;
            }
        }
        return Problems.SettingsConflict.With("The settings were changed at the same time again and again. Import the file once more; nothing of it was written.");
    }

    private static Answer<(IReadOnlyList<ImportedQueue> Queues, IReadOnlyList<QueueWrite> Writes)> Plan(SettingsTable table, IReadOnlyList<StoredQueue> stored)
    {
        var mistakes = table.Mistakes.ToList();
        var byName = stored.ToDictionary(q => q.Name, StringComparer.Ordinal);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        List<ImportedQueue> queues = [];
        List<QueueWrite> writes = [];
        foreach (var row in table.Rows)
        {
            if (QueueName.MistakeOf(row.Queue) is { } wrongName) mistakes.Add(new FieldMistake(SettingsTable.QueueColumn, wrongName) { Line = row.Line });
            else if (!lines.TryAdd(row.Queue, row.Line)) mistakes.Add(new FieldMistake(SettingsTable.QueueColumn, $"names a queue that line {lines[row.Queue]} names already") { Line = row.Line });
            var before = byName.GetValueOrDefault(row.Queue);
            var merged = QueueSettingsJson.Merge(before?.Settings ?? new QueueSettings(), row.Patch, row.Replaced);
            if (merged.Fault is { } fault)
            {
                mistakes.AddRange(fault.Mistakes.Select(m => m with { Line = row.Line }));
                continue;
            }
            var changes = SettingChange.Between(before?.Settings ?? new QueueSettings(), merged.Value);
            var action = before is null ? ImportAction.Added : changes.Count > 0 ? ImportAction.Changed : ImportAction.Unchanged;
            queues.Add(new ImportedQueue(row.Line, row.Queue, action, changes));
            if (action != ImportAction.Unchanged) writes.Add(new QueueWrite(row.Queue, before, merged.Value));
        }
        if (table.Rows.Count == 0 && mistakes.Count == 0) mistakes.Add(new FieldMistake("The file", "holds no queue"));
        return mistakes.Count > 0 ? Refuse(mistakes) : (queues, writes);
    }

    private async Task<IReadOnlyList<FieldMistake>> AppMistakesAsync(TenantId tenant, (IReadOnlyList<ImportedQueue> Queues, IReadOnlyList<QueueWrite> Writes) plan)
    {
        List<FieldMistake> mistakes = [];
        foreach (var write in plan.Writes.Where(w => w.Settings.FirebaseApp is not null && w.Settings.FirebaseApp != w.Before?.Settings.FirebaseApp))
        {
            if (!await apps.HasAsync(tenant, write.Settings.FirebaseApp!)) mistakes.Add(NoSuchApp with { Line = plan.Queues.First(q => q.Queue == write.Name).Line });
        }
        return mistakes;
    }

    private static Fault Refuse(IEnumerable<FieldMistake> mistakes) => Problems.ImportRefused.With([.. mistakes.OrderBy(m => m.Line ?? 0)]);
}
