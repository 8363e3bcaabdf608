using Microsoft.Extensions.Options;
using Ringback.Cluster.Silo;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Commands;
using Ringback.Storage;

namespace Ringback.Server;

/// <summary>What must be right before anything reads or writes: the schema and, where several nodes share the database, clock and master key.</summary>
internal sealed class DatabaseStart(
    IDatabaseSetup database, DeliveryNode node, IMasterKeyStore masterKeys, CredentialSeal seal, SiteClock clock, ServerOptions options, IOptions<ClusterSettings> cluster)
    : BackgroundService
{
    private static readonly TimeSpan readClockEvery = TimeSpan.FromSeconds(10);

    /// <summary>A reading that took longer says little about when it was taken.</summary>
    private static readonly TimeSpan slowestReading = TimeSpan.FromSeconds(1);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await PrepareAsync(database, cancellationToken);
        if (cluster.Value.Enabled)
        {
            await ReadClockAsync(cancellationToken);
            await CompareMasterKeyAsync();
        }
        await database.JoinAsync(node.Id, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>
    /// Sees to the schema before anything reads or writes. A database that others may be using is only changed by the command that says so: they might
    /// not know the new schema.
    /// </summary>
    public static async Task PrepareAsync(IDatabaseSetup database, CancellationToken cancellation)
    {
        if (database.IsExclusive)
        {
            await database.MigrateAsync(cancellation);
            return;
        }
        var age = await database.SchemaAgeAsync(cancellation);
        if (age == SchemaAge.Newer) throw new NewerSchemaException();
        if (age == SchemaAge.Older) throw new CommandException("the database schema is older than this program. Run 'ringback migrate' with the same settings, then try again.");
    }

    /// <summary>Machines drift apart, and are set right, while they run.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!cluster.Value.Enabled) return;
        using var timer = new PeriodicTimer(readClockEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryReadClockAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task TryReadClockAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadClockAsync(cancellation);
        }
        catch (Engine.Callbacks.StorageException)
        {
            // The last reading counts on. That the database is away shows elsewhere.
        }
    }

    private async Task ReadClockAsync(CancellationToken cancellation)
    {
        var askedAt = clock.GetTimestamp();
        if (await database.NowAsync(cancellation) is not { } now) return;
        var answeredAt = clock.GetTimestamp();
        if (clock.MachineIsAheadBy is null || clock.GetElapsedTime(askedAt, answeredAt) < slowestReading) clock.Follow(now, askedAt, answeredAt);
    }

    /// <summary>A node with another key could open nothing that the others seal, and they nothing of its.</summary>
    private async Task CompareMasterKeyAsync()
    {
        if (seal.Fault is { } fault) throw new CommandException($"a node of a cluster needs the master key of the others. {fault.Detail}");
        SharedMasterKey.Require(await masterKeys.KeepAsync(seal.KeyFingerprint!, clock.Now()), seal, options);
    }
}
