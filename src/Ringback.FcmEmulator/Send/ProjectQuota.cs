using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Send;

/// <summary>Messages a minute and project, as FCM limits them: everything counts that is answered, apart from 429 itself.</summary>
internal sealed class ProjectQuota(EmulatorOptions options, TimeProvider clock)
{
    /// <summary>With any account allowed, callers choose the project names.</summary>
    private const int MaxProjects = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _used = new(StringComparer.Ordinal);
    private long _minute;

    /// <summary>Messages a minute; 0 for no limit.</summary>
    public int PerMinute { get; set; } = options.QuotaPerMinute;

    /// <summary>Takes one of the project's messages; null if there was one, else the seconds until there are new ones.</summary>
    public int? Take(string projectId)
    {
        if (PerMinute == 0)
        {
            return null;
        }
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            if (now / 60 != _minute || _used.Count >= MaxProjects)
            {
                _minute = now / 60;
                _used.Clear();
            }
            ref var used = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_used, projectId, out _);
            if (used >= PerMinute)
            {
                return (int)(60 - (now % 60));
            }
            used++;
            return null;
        }
    }
}
