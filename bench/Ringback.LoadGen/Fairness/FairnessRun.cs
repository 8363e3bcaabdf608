using Ringback.LoadGen.Running;
using Ringback.Measuring;

namespace Ringback.LoadGen.Fairness;

/// <summary>The quiet one's turn beside somebody, or alone.</summary>
/// <param name="Kind">Beside what.</param>
/// <param name="Quiet">What it met.</param>
/// <param name="Beside">The other's pushes: those that arrived meanwhile, or that were held back.</param>
/// <param name="MachinePercent">Part of all cores that was busy, whoever's work it was.</param>
/// <param name="ServerPercent">Part of all cores that the server had.</param>
internal sealed record FairnessTurn(FairnessKind Kind, QuietTurn Quiet, double Beside, double MachinePercent, double ServerPercent);

/// <summary>Beside what the quiet one sends.</summary>
internal enum FairnessKind
{
    Alone,
    Flood,
    BrokenKey,
}

/// <summary>The quiet one alone, beside a flood and beside a broken key in turn; first under a quota that leaves room on the machine, then with the flood at its worst.</summary>
internal sealed class FairnessRun(FairnessOptions options, TextWriter screen)
{
    /// <summary>Turns of the quiet one beside those of the pairs: a warm-up of either server, and three of the saturated machine.</summary>
    private const int MoreTurns = 5;

    private int created;

    public async Task<FairnessResult> RunAsync()
    {
        await using var progress = new Progress(screen);
        progress.Show(() => "starting");
        await using var site = await FairnessSite.StartAsync(options);
        var portion = FloodSource.PerQueue(options.Flood / options.Pairs);
        var whole = FloodSource.PerQueue(options.Flood);
        progress.Show(() => $"creating: {created} callbacks");
        void Counted() => Interlocked.Increment(ref created);
        await site.Quiet.CreateAsync((options.Pairs * 3) + MoreTurns, Counted);
        await site.Flood.CreateAsync((portion * (options.Pairs + 1)) + whole, Counted);
        await site.Broken.CreateAsync(portion * options.Pairs, Counted);
        progress.Show(() => "warming up");
        await TurnAsync(site, FairnessKind.Flood, portion);
        var turns = new List<FairnessTurn>();
        for (var pair = 0; pair < options.Pairs; pair++)
        {
            // To and fro: what drifts with time falls on all alike.
            FairnessKind[] order = [FairnessKind.Alone, FairnessKind.Flood, FairnessKind.BrokenKey];
            foreach (var kind in pair % 2 == 0 ? order : order.Reverse())
            {
                progress.Show(() => $"pair {pair + 1} of {options.Pairs}: {FairnessResult.NameOf(kind)}");
                turns.Add(await TurnAsync(site, kind, portion));
            }
        }
        progress.Show(() => "without a quota: the flood takes the whole machine");
        await site.TakeQuotaAwayAsync();
        await TurnAsync(site, FairnessKind.Alone, 0);
        var before = await TurnAsync(site, FairnessKind.Alone, 0);
        var saturated = await TurnAsync(site, FairnessKind.Flood, whole);
        var after = await TurnAsync(site, FairnessKind.Alone, 0);
        return new FairnessResult
        {
            Options = options,
            DatabaseVersion = site.Postgres is null ? "SQLite, WAL, synchronous=FULL" : await site.Postgres.DescribeAsync(),
            Turns = turns,
            PortionPushes = FloodSource.Pushes(portion),
            SaturatedPushes = FloodSource.Pushes(whole),
            Saturated = [before, saturated, after],
            Seconds = progress.Elapsed.TotalSeconds,
        };
    }

    private static async Task<FairnessTurn> TurnAsync(FairnessSite site, FairnessKind kind, int perQueue)
    {
        var first = site.Arrivals.Count;
        var falling = kind switch
        {
            FairnessKind.Flood => site.Flood.FallAsync(perQueue),
            FairnessKind.BrokenKey => site.Broken.FallAsync(perQueue),
            _ => Task.CompletedTask,
        };
        // The flood is there before the quiet one begins; a broken key's first push is refused about as soon.
        if (kind == FairnessKind.Flood)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
            await site.Arrivals.ReachedAsync(first + 1, patience.Token);
        }
        var (machine, server) = (MachineCpu.Read(), site.Server.Cpu);
        var begun = TimeProvider.System.GetUtcNow();
        var quiet = await site.Quiet.RunAsync(site.Arrivals);
        var ended = TimeProvider.System.GetUtcNow();
        var used = MachineCpu.Read().Since(machine);
        var serverPercent = (site.Server.Cpu - server) / (ended - begun) / Environment.ProcessorCount * 100;
        await falling;
        await site.RestAsync();
        await site.Arrivals.CatchUpAsync();
        var beside = kind == FairnessKind.BrokenKey ? FloodSource.Pushes(perQueue)
            : site.Arrivals.Since(first).Count(a => a.At >= begun && a.At <= ended && !site.Quiet.Owns(a)) / (ended - begun).TotalSeconds;
        return new FairnessTurn(kind, quiet, beside, used.BusyPercent, serverPercent);
    }
}
