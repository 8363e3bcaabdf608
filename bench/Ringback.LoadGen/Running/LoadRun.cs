using Ringback.LoadGen.Auditing;

namespace Ringback.LoadGen.Running;

/// <summary>A whole run: create, let the EWT fall in bursts and step by step, take and report, then hold all promises against what arrived.</summary>
internal sealed class LoadRun(LoadOptions options, TextWriter screen)
{
    /// <summary>Of each queue, so much falls below the threshold in bursts, the first of which warms the program up; the rest step by step.</summary>
    private const double ShareOfBursts = 0.6;

    /// <summary>How long pushes may be on their way once the load is over.</summary>
    private static readonly TimeSpan settling = TimeSpan.FromSeconds(30);

    private readonly List<Phase> bursts = [];
    private readonly List<double> peers = [];
    private RowByRowPeer? peer;

    public async Task<(LoadResult Result, Evidence Evidence)> RunAsync()
    {
        await using var progress = new Progress(screen);
        await using var site = await LoadSite.StartAsync(options);
        using var limit = new CancellationTokenSource(options.Limit, TimeProvider.System);
        if (options.Pairs > 0) await (peer = new RowByRowPeer(options, site.PeerFolder)).PrepareAsync();

        var warm = await WarmUpAsync(site, progress, limit.Token);
        var start = await Usage.TakeAsync(site);
        for (var queue = 0; queue < options.Queues; queue++) await site.ReportAsync(queue, below: 0);
        var (creates, known) = await CreatePhase.RunAsync(site, options, progress, limit.Token);
        var below = await BurstsAsync(site, progress, limit.Token);
        var half = bursts.Count == 0 ? 0 : Measuring.Figures.Median(Counted(bursts).Select(b => b.PerSecond)) / 2;
        var paced = half == 0 || limit.IsCancellationRequested ? null
            : await PacedPhase.RunAsync(site, options, below, half, known.ToDictionary(k => k.Id), progress, limit.Token);
        var agents = await new AgentPhase(site, options).RunAsync("agents", progress, limit.Token);
        var total = (await Usage.TakeAsync(site)).Since(start);
        var evidence = await CollectAsync(site, [.. warm, .. known], progress);
        var result = new LoadResult
        {
            Options = options,
            DatabaseVersion = site.Postgres is null ? "SQLite, WAL, synchronous=FULL" : await site.Postgres.DescribeAsync(),
            Creates = creates,
            Bursts = [.. Counted(bursts)],
            Peer = peer?.Name,
            PeerPerSecond = peers,
            Paced = paced?.Phase,
            PacedSchedule = half,
            ReportToArrival = paced?.Latency,
            Agents = agents.Phase,
            OutcomeToArrival = agents.Latency,
            Completed = agents.Completed,
            Total = total,
            ServerPeakBytes = site.Server.PeakBytes,
            ReceiverPeakBytes = site.Receiver.PeakBytes,
            SyncsCountedBy = options.Postgres is not null ? "pg_stat_wal.wal_sync" : options.CountSyncs ? "strace --seccomp-bpf, fsync and fdatasync of the server" : null,
            RanOutOfTime = limit.IsCancellationRequested,
            Audit = PushAudit.Judge(evidence.Known, evidence.Timelines, evidence.Arrivals),
            Seconds = progress.Elapsed.TotalSeconds,
        };
        return (result, evidence);
    }

    /// <summary>The first burst warms up, unless there is no other.</summary>
    private static IEnumerable<Phase> Counted(List<Phase> bursts) => bursts.Count > 1 ? bursts.Skip(1) : bursts;

    /// <summary>The whole way once: a program that has just started spends its time on compiling itself.</summary>
    private async Task<IReadOnlyList<KnownCallback>> WarmUpAsync(LoadSite site, Progress progress, CancellationToken limit)
    {
        if (options.WarmUp == 0) return [];
        var warm = options.ForWarmUp;
        for (var queue = 0; queue < warm.Queues; queue++) await site.ReportAsync(warm.FirstQueue + queue, below: 0);
        var (_, known) = await CreatePhase.RunAsync(site, warm, progress, limit);
        progress.Show(() => $"warming up: {site.Arrivals.Count} of {warm.Callbacks} pushes have arrived");
        const int bursts = 10;
        for (var burst = 1; burst <= bursts; burst++)
        {
            var (from, below) = (warm.PerQueue * (burst - 1) / bursts, warm.PerQueue * burst / bursts);
            if (await BurstPhase.RunAsync(site, warm, "warm-up", from, below, limit) is null) break;
        }
        await new AgentPhase(site, warm).RunAsync("warming up, agents", progress, limit);
        return known;
    }

    /// <summary>Bursts and turns of the peer, in turn. Gives the place up to which callbacks have crossed.</summary>
    private async Task<int> BurstsAsync(LoadSite site, Progress progress, CancellationToken limit)
    {
        var count = Math.Max(options.Pairs, 1) + 1;
        var each = Math.Max((int)(options.PerQueue * ShareOfBursts) / count, 1);
        var below = 0;
        for (var burst = 0; burst < count && below + each <= options.PerQueue && !limit.IsCancellationRequested; burst++)
        {
            var (first, name) = (site.Arrivals.Count, burst == 0 ? "warm-up" : $"burst {burst} of {count - 1}");
            progress.Show(() => $"EWT falls for all, {name}: {site.Arrivals.Count - first} of {each * options.Queues} pushes have arrived");
            if (await BurstPhase.RunAsync(site, options, name, below, below + each, limit) is not { } phase) break;
            bursts.Add(phase);
            below += each;
            if (peer is null || burst == 0) continue;
            progress.Show(() => $"the peer's turn {peers.Count + 1}: {peer.Name}");
            peers.Add(await peer.PerSecondAsync());
        }
        return below;
    }

    private async Task<Evidence> CollectAsync(LoadSite site, IReadOnlyList<KnownCallback> known, Progress progress)
    {
        progress.Show(() => "waiting until nothing is on its way");
        using var patience = new CancellationTokenSource(settling, TimeProvider.System);
        await BurstPhase.RecordedAsync(site.Tenant, patience.Token);
        return await Evidence.CollectAsync(site.Management, site.Arrivals, known, options.Clients, progress);
    }
}
