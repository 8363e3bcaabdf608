using System.Buffers.Binary;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;

namespace Ringback.Storage.Callbacks;

/// <inheritdoc/>
internal sealed class ForecastStore(IDatabase database) : IForecastStore
{
    public Task<IReadOnlyList<ForecastTally>> TallyAsync(QueueKey queue, DateTimeOffset from, DateTimeOffset to) =>
        database.ReadAsync<IReadOnlyList<ForecastTally>>(async s => await s.QueryAsync(
            database.Dialect == Dialect.PostgreSql ? PostgreSqlForecastSql.Tally : SqliteForecastSql.Tally, Read,
            queue.Tenant, queue.QueueId, FirstIdAt(from), FirstIdAt(to), ForecastTally.CoveredSeconds, ForecastTally.CoveredPercent));

    private static ForecastTally Read(Row row) => new()
    {
        Moment = (ForecastMoment)row.Int(),
        Mode = ModeOf(row.Text()),
        Said = row.Long(),
        Unknown = row.Long(),
        Served = row.Long(),
        ErrorSeconds = row.Number(),
        AbsoluteErrorSeconds = row.Number(),
        Covered = row.Long(),
    };

    private static EwtMode ModeOf(string wire) => wire switch
    {
        "mode1" => EwtMode.Mode1,
        "mode2" => EwtMode.Mode2,
        "mode3" => EwtMode.Mode3,
        _ => throw new ArgumentException($"No such mode: {wire}", nameof(wire)),
    };

    /// <summary>The least id that a callback of that instant can have: a UUID of version 7 begins with the milliseconds (RFC 9562).</summary>
    private static Guid FirstIdAt(DateTimeOffset at)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, Math.Max(0, at.ToUnixTimeMilliseconds()) << 16);
        id[8..].Clear();
        return new Guid(id, bigEndian: true);
    }
}
