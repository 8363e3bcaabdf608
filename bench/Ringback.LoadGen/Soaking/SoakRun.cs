using System.Diagnostics;
using System.Globalization;
using Ringback.Engine.Delivery;
using Ringback.LoadGen.Auditing;
using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;

namespace Ringback.LoadGen.Soaking;

/// <summary>The server was ended and started again.</summary>
/// <param name="IsKill">By SIGKILL; else by SIGTERM, and it drained.</param>
/// <param name="AtSeconds">Seconds of the stream before.</param>
/// <param name="EndSeconds">From the signal to its end.</param>
/// <param name="AwaySeconds">From the signal to the line that says that it is ready.</param>
internal sealed record Restart(bool IsKill, double AtSeconds, double EndSeconds, double AwaySeconds);

/// <summary>The stream for its whole time, faults and two restarts in it; then the audit.</summary>
internal sealed class SoakRun(SoakOptions options, TextWriter screen)
{
    private const int AuditClients = 32;

    /// <summary>Warming up lasts until the server's code is compiled for good.</summary>
    private static readonly TimeSpan warmUp = TimeSpan.FromSeconds(35), burst = TimeSpan.FromSeconds(15);

    /// <summary>A push may meet several faults; each costs up to two minutes.</summary>
    private static readonly TimeSpan settling = TimeSpan.FromMinutes(6);

    private readonly List<Restart> restarts = [];
    private DateTimeOffset killedAt;
    private double cpu;

    public async Task<SoakResult?> RunAsync()
    {
        await using var progress = new Progress(screen);
        await using var site = await SoakSite.StartAsync(options);
        await using var memory = new MemoryWatch(() => site.Server.Process);
        var stream = new SoakStream(site);
        var cancelling = Task.Run(stream.CancelAsync);
        progress.Show(() => $"warming up: {site.Arrivals.Count} pushes have arrived");
        await stream.RunAsync(null, warmUp);
        double? most = null;
        if (options.PushesPerSecond is null)
        {
            progress.Show(() => $"how fast can it be? {site.Arrivals.Count} pushes have arrived");
            most = await stream.FindMostAsync(burst);
        }
        var rate = options.PushesPerSecond ?? most!.Value / 2;
        if (rate * options.Time.TotalSeconds + stream.Known.Count > SoakOptions.MostCallbacks)
        {
            await screen.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rate:0} pushes a second for {options.Time.TotalMinutes:0} minutes are more than {SoakOptions.MostCallbacks}, which the audit holds in memory: take less of one of them."));
            return null;
        }
        stream.Linger();
        await site.Faults.BeginAsync(options.Seed);
        var (started, before) = (Stopwatch.GetTimestamp(), stream.Known.Count);
        progress.Show(() => string.Create(CultureInfo.InvariantCulture, $"soaking at {rate:0} pushes a second: {site.Arrivals.Count} have arrived, {stream.Known.Count - stream.Cancelled} callbacks wait, server {memory.LastBytes >> 20} MiB, {restarts.Count} restarts"));
        var running = stream.RunAsync(rate, options.Time);
        await RestartAtAsync(site, memory, started, options.Time / 3, isKill: false);
        await RestartAtAsync(site, memory, started, options.Time * 2 / 3, isKill: true);
        var arrivedPerSecond = await running;
        memory.EndLife(); // The quiet time that follows would make any line look level.
        await site.Faults.EndAsync();
        progress.Show(() => "waiting until nothing is on its way");
        using var patience = new CancellationTokenSource(settling, TimeProvider.System);
        await BurstPhase.RecordedAsync(site.Tenant, patience.Token);
        stream.EndCancelling();
        await cancelling;
        cpu += site.Server.Cpu.TotalSeconds;
        var evidence = await Evidence.CollectAsync(site.Tenant.Management, site.Arrivals, stream.Known, AuditClients, progress);
        return new SoakResult
        {
            Options = options,
            DatabaseVersion = await DescribeAsync(),
            MostPerSecond = most,
            PushesPerSecond = rate,
            ArrivedPerSecond = arrivedPerSecond,
            Callbacks = stream.Known.Count - before,
            Restarts = restarts,
            Lives = memory.Lives,
            Struck = site.Faults.Struck,
            Sends = site.Faults.Sends,
            RequestsAgain = PatientHandler.Again,
            Latency = stream.Latency(),
            ServerCpu = cpu,
            Bound = Bound(site.Faults.Struck, evidence.Arrivals),
            NeverArrived = NeverArrived(evidence),
            Audit = PushAudit.Judge(evidence.Known, evidence.Timelines, evidence.Arrivals),
            Seconds = progress.Elapsed.TotalSeconds,
        };
    }

    private static int NeverArrived(Evidence evidence)
    {
        var arrived = evidence.Arrivals.Select(a => a.CallbackId).ToHashSet();
        return evidence.Known.Count(k => !arrived.Contains(k.Id));
    }

    private async Task RestartAtAsync(SoakSite site, MemoryWatch memory, long started, TimeSpan at, bool isKill)
    {
        var early = at - Stopwatch.GetElapsedTime(started);
        if (early > TimeSpan.Zero) await Task.Delay(early, TimeProvider.System);
        memory.EndLife();
        cpu += site.Server.Cpu.TotalSeconds;
        var (sinceStart, signalled) = (Stopwatch.GetElapsedTime(started).TotalSeconds, Stopwatch.GetTimestamp());
        if (isKill)
        {
            killedAt = TimeProvider.System.GetUtcNow();
            await site.Server.Process.KillAsync();
        }
        else
        {
            await site.Server.Process.TerminateAsync();
        }
        var ended = Stopwatch.GetElapsedTime(signalled).TotalSeconds;
        await site.Server.StartAgainAsync();
        memory.BeginLife();
        restarts.Add(new Restart(isKill, sinceStart, ended, Stopwatch.GetElapsedTime(signalled).TotalSeconds));
    }

    /// <summary>
    /// A message comes again only where its sender cannot know that it was taken: the faults that take it and say nothing, each once for each time that it struck; and what the kill cut off. That is at
    /// most what the schedule lets be in flight, and what was answered and not recorded: results are gathered for milliseconds and written with the next commit, for which a second is plenty. The clean
    /// stop adds nothing: it waits for answers longer than a send lasts, and records them.
    /// </summary>
    private RepeatBound Bound(IReadOnlyList<Struck> struck, IReadOnlyList<Arrival> arrivals) => new(
        struck.Where(s => s.Takes).Sum(s => s.Times),
        new DeliveryOptions().SendsInFlight,
        arrivals.Count(a => a.At <= killedAt && a.At > killedAt - RepeatBound.RecordedWithin));

    private async Task<string> DescribeAsync()
    {
        if (options.Postgres is null) return "SQLite, WAL, synchronous=FULL";
        await using var postgres = new PostgresUsage(options.Postgres);
        return await postgres.DescribeAsync();
    }
}
