using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Storage.Delivery;

namespace Ringback.Storage.Tests.Delivery;

/// <summary>The upgrade that gives a row of the outbox its app: what waits then must neither be lost nor go out by way of another app.</summary>
public abstract class ClaimByAppSuite
{
    /// <summary>The last migration without the column.</summary>
    protected const string Before = "AddDeliveryHousekeeping";

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_push_that_waits_while_the_database_is_upgraded_is_claimed_by_the_app_of_its_message()
    {
        await MigrateToAsync(Before);
        await ExecuteAsync("insert into tenants (tenant_id, name, created_at) values (1, 'first', 0)");
        await AddAsync(1, Payload(1, "shop"));
        await AddAsync(2, Payload(2, null));
        await AddAsync(3, Payload(3, null).Replace("\"app\":null,", "", StringComparison.Ordinal)); // As the first versions wrote it.
        await AddAsync(4, PushMessageJson.Write(Sample.Push(Site.Tenant, Sample.Id(4), Sample.Id(4)).Message with { Body = """{"app":"shop"}""" }));
        await AddAsync(5, Payload(5, "shop"), state: 1);

        var database = await UpgradeAsync();
        var store = new DeliveryStore(database, clock);
        Assert.Equal([CredentialKey.DefaultOf(Site.Tenant), new(Site.Tenant, "shop")], (await store.DueCredentialsAsync(clock.Now())).OrderBy(key => key.App, StringComparer.Ordinal));
        Assert.Equal([2, 3, 4], await ClaimAsync(CredentialKey.DefaultOf(Site.Tenant)));
        Assert.Equal([1], await ClaimAsync(new CredentialKey(Site.Tenant, "shop")));
        Assert.Equal(["default", "default", "default", "shop", "shop"], await database.ReadAsync(s => s.QueryAsync("select app from outbox order by app", r => r.Text())));

        async Task<IEnumerable<int>> ClaimAsync(CredentialKey key) =>
            (await store.ClaimDueAsync("node-a", key, clock.Now(), clock.Now().AddSeconds(30), 100)).Select(p => Enumerable.Range(1, 5).Single(n => Sample.Id(n) == p.Row.Message.NotificationId));
    }

    /// <summary>A database whose schema is that of a migration.</summary>
    protected abstract Task MigrateToAsync(string migration);

    /// <summary>Runs SQL without a look at foreign keys.</summary>
    protected abstract Task ExecuteAsync(string sql);

    private protected abstract Task<IDatabase> UpgradeAsync();

    protected abstract string Literal(Guid id);

    private static string Payload(int id, string? app) => PushMessageJson.Write(Sample.Push(Site.Tenant, Sample.Id(id), Sample.Id(id), app: app).Message);

    private async Task AddAsync(int number, string payload, int state = 0)
    {
        var id = Literal(Sample.Id(number));
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"insert into push_targets (tenant_id, callback_id, ordinal, type, address, state) values (1, {id}, 0, 0, 'token', 0)"));
        await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"""
            insert into outbox (tenant_id, notification_id, callback_id, event, round, target_ordinal, payload, state, attempts, occurred_at, next_at, expires_at)
            values (1, {id}, {id}, 'CALLBACK_UPCOMING', 0, 0, '{payload.Replace("'", "''", StringComparison.Ordinal)}', {state}, 0, {number}, {number}, {long.MaxValue})
            """));
    }
}
