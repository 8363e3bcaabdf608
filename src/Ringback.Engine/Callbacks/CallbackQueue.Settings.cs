using System.Text.Json;
using Ringback.Engine.Queues;

namespace Ringback.Engine.Callbacks;

/// <content>Settings of the queue: changed here, written past the owner by an import, or the end of the queue.</content>
internal sealed partial class CallbackQueue
{
    private bool deleted;

    /// <summary>The version of the settings that are in force.</summary>
    public int SettingsVersion => settingsVersion;

    /// <summary>Puts settings in force for every callback that waits.</summary>
    public Answer<StoredQueue> ChangeSettings(string patchJson, string changedBy, DateTimeOffset now)
    {
        var merged = QueueSettingsJson.Merge(settings, JsonSerializer.Deserialize<JsonElement>(patchJson));
        if (merged.Fault is { } fault) return fault;
        var next = merged.Value;
        if (next.Type != settings.Type && callbacks.Count > 0)
            return Problems.QueueTypeConflict.With("type can be changed only while no callback is in the queue.");
        effects.Add(new Change.SettingsChanged(next, settingsVersion + 1, changedBy, now));
        PutInForce(next, settingsVersion + 1, now);
        return new StoredQueue(key, name, settings, settingsVersion);
    }

    /// <summary>
    /// Takes over settings that were written past the owner. False where they change the type: then the epoch was raised with them, this owner cannot write any
    /// more, and whoever comes next loads the queue.
    /// </summary>
    public bool Adopt(QueueSettings written, int version, DateTimeOffset now)
    {
        if (version <= settingsVersion || deleted) return true;
        if (written.Type != settings.Type) return false;
        PutInForce(written, version, now);
        Settle(now);
        return true;
    }

    /// <summary>Ends the queue, if nothing is in it. Its name is free then.</summary>
    public Answer<int> Delete(string deletedBy, DateTimeOffset now)
    {
        if (callbacks.Count > 0)
        {
            return Problems.QueueNotEmpty.With(callbacks.Count == 1
                ? "One callback of this queue is not over. Wait until it is, or cancel it."
                : $"{callbacks.Count} callbacks of this queue are not over. Wait until they are, or cancel them.");
        }
        deleted = true;
        settingsVersion++;
        effects.Add(new Change.QueueDeleted(name, settingsVersion, deletedBy, now));
        return settingsVersion;
    }

    private void PutInForce(QueueSettings next, int version, DateTimeOffset now)
    {
        (settings, settingsVersion) = (next, version);
        UseHours();
        throttle.Use(settings, callbacks.Values, now);
        foreach (var callback in callbacks.Values)
        {
            callback.ThresholdWakeDone = false;
            CountInSlot(callback, 1);
            Schedule(callback);
        }
        EndWaitsIfClosed(now);
        HandleDue(now);
    }
}
