using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Callbacks;

/// <summary>Limits of what one tenant may ask of this process, section <c>Throttles</c>. Those of a queue are settings of the queue.</summary>
public sealed class ThrottleOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Throttles";

    /// <summary>Requests for callbacks and for call-ins that one tenant may send to this process within a minute, whatever becomes of them. 0 = no limit, to 100 000.</summary>
    [Range(0, 100_000)]
    public int CreatesPerTenantPerMinute { get; set; } = 6_000;
}

/// <summary>
/// Keeps the flood of one tenant from the others (rule D9). Each process counts for itself: it protects the process before anything of the request has been
/// looked up. A request that is refused does not count.
/// </summary>
public sealed class TenantThrottle(IOptions<ThrottleOptions> options, [FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    private static readonly TimeSpan span = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<TenantId, SlidingWindow> requests = new();

    /// <summary>Counts a request, or says why it must wait.</summary>
    public Fault? Take(TenantId tenant)
    {
        var most = options.Value.CreatesPerTenantPerMinute;
        if (most == 0) return null;
        var window = requests.GetOrAdd(tenant, _ => new SlidingWindow(span));
        lock (window)
        {
            var now = clock.Now();
            if (window.WaitFor(most, now) is { } wait) return CreateThrottle.Later("This tenant has sent as many requests within a minute as it may.", wait);
            window.Add(now);
            return null;
        }
    }
}
