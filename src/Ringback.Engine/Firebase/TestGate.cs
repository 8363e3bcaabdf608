using Microsoft.Extensions.DependencyInjection;

namespace Ringback.Engine.Firebase;

/// <summary>Bounds how often a tenant's credentials are tested: each test costs Google and this server several requests. In memory, so it counts for each node.</summary>
internal sealed class TestGate([FromKeyedServices(Clock.ServiceKey)] TimeProvider clock)
{
    /// <summary>Tests of one tenant within <see cref="Window"/>.</summary>
    public const int MostTests = 20;

    /// <summary>Tests of one tenant at the same time: two people, two tabs.</summary>
    public const int MostAtOnce = 4;

    /// <summary>The span in which tests are counted.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly Dictionary<TenantId, Place> places = [];

    /// <summary>Lets a test begin, until the pass is disposed of; or says why not.</summary>
    public Answer<IDisposable> Enter(TenantId tenant)
    {
        lock (gate)
        {
            var now = clock.GetUtcNow();
            if (!places.TryGetValue(tenant, out var place)) places.Add(tenant, place = new Place());
            while (place.Begun.TryPeek(out var oldest) && now - oldest >= Window) place.Begun.Dequeue();
            if (place.Running >= MostAtOnce)
                return Problems.TestsThrottled.With($"{MostAtOnce} tests of these credentials run already. Wait until one of them has ended.") with { RetryAfter = TimeSpan.FromSeconds(10) };
            if (place.Begun.Count >= MostTests)
            {
                return Problems.TestsThrottled.With($"{MostTests} tests were begun within {Window.TotalMinutes:0} minutes. Wait a little.") with
                {
                    RetryAfter = Window - (now - place.Begun.Peek()),
                };
            }
            place.Running++;
            place.Begun.Enqueue(now);
            return Answer.Of<IDisposable>(new Pass(this, place));
        }
    }

    private sealed class Place
    {
        public Queue<DateTimeOffset> Begun { get; } = new();

        public int Running { get; set; }
    }

    private sealed class Pass(TestGate owner, Place place) : IDisposable
    {
        private bool over;

        public void Dispose()
        {
            lock (owner.gate)
            {
                if (over) return;
                over = true;
                place.Running--;
            }
        }
    }
}
