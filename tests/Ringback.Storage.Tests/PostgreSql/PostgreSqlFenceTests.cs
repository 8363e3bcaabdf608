using Npgsql;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage.Tests.PostgreSql;

/// <summary>The fence between owners in several processes, with real transactions that wait for each other.</summary>
public sealed class PostgreSqlFenceTests : IAsyncLifetime
{
    private PostgreSqlSite site = null!;

    public async ValueTask InitializeAsync() => site = await PostgreSqlSite.OpenPostgreSqlAsync();

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public async Task An_activation_waits_for_the_batch_in_flight_loads_what_it_wrote_and_shuts_its_owner_out()
    {
        var queue = await site.AddQueueAsync(Site.Tenant);
        var epoch = (await site.Callbacks.ActivateAsync(queue))!.Epoch;
        await site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(1))]);
        await using var second = new PostgreSqlSite(site.ConnectionString);

        await using var holder = await HoldAsync("select 1 from callbacks for update");
        var inFlight = site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(2)), new Change.CallbackChanged(Sample.FullCallback(Sample.Id(1)))]);
        await site.WaitForWaitersAsync(1);
        var activation = second.CallbacksOf("node-b").ActivateAsync(queue);
        await site.WaitForWaitersAsync(2);
        Assert.False(activation.IsCompleted);
        await EndAsync(holder);

        await inFlight;
        var snapshot = (await activation)!;
        Assert.Equal([Sample.Id(1), Sample.Id(2)], snapshot.Callbacks.Select(c => c.Id).Order());
        Assert.Equal(CallbackState.Routing, snapshot.Callbacks.Single(c => c.Id == Sample.Id(1)).State);
        await Assert.ThrowsAsync<OwnershipLostException>(() => site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(3))]));
        await second.Callbacks.CommitAsync(queue, snapshot.Epoch, [Sample.Created(Sample.Id(4))]);
        Assert.Null(await site.Callbacks.FindAsync(Site.Tenant, Sample.Id(3)));
    }

    [Theory]
    [InlineData("commit", true)]
    [InlineData("rollback", false)]
    public async Task A_batch_that_meets_an_activation_waits_and_believes_what_became_of_it(string end, bool lost)
    {
        var queue = await site.AddQueueAsync(Site.Tenant);
        var epoch = (await site.Callbacks.ActivateAsync(queue))!.Epoch;
        await using var activation = await HoldAsync("update queues set epoch = epoch + 1");
        var commit = site.Callbacks.CommitAsync(queue, epoch, [Sample.Created(Sample.Id(1))]);
        await site.WaitForWaitersAsync(1);
        await EndAsync(activation, end);
        if (lost) await Assert.ThrowsAsync<OwnershipLostException>(() => commit);
        else await commit;
        Assert.Equal(lost, await site.Callbacks.FindAsync(Site.Tenant, Sample.Id(1)) is null);
    }

    [Fact]
    public async Task Owners_of_different_queues_do_not_wait_for_each_other()
    {
        var first = await site.AddQueueAsync(Site.Tenant, "first");
        var second = await site.AddQueueAsync(Site.Tenant, "second");
        var epoch = (await site.Callbacks.ActivateAsync(second))!.Epoch;
        await using var holder = await HoldAsync($"update queues set epoch = epoch + 1 where queue_id = {first.QueueId}");
        await site.Callbacks.CommitAsync(second, epoch, [Sample.Created(Sample.Id(1))]).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await EndAsync(holder);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task A_commit_is_one_round_trip_however_much_it_holds(int callbacks)
    {
        await using var proxy = new CuttingProxy(site.ConnectionString);
        await using var far = new PostgreSqlSite(proxy.ConnectionString);
        var queue = await far.AddQueueAsync(Site.Tenant);
        var epoch = (await far.Callbacks.ActivateAsync(queue))!.Epoch;
        var before = proxy.Answers;
        await far.Callbacks.CommitAsync(queue, epoch, [.. Enumerable.Range(1, callbacks).SelectMany(i => Of(Sample.Id(i), Sample.Id(10_000 + i)))]);
        Assert.Equal(1, proxy.Answers - before);
        Assert.Equal(callbacks, (await site.Callbacks.ActivateAsync(queue))!.Callbacks.Count);
        Assert.Equal(callbacks, (await site.Delivery.WaitingAsync())[Site.Tenant]);
    }

    [Fact]
    public async Task Results_are_recorded_in_one_round_trip_and_rows_opened_in_one()
    {
        await using var proxy = new CuttingProxy(site.ConnectionString);
        await using var far = new PostgreSqlSite(proxy.ConnectionString);
        var queue = await site.AddQueueAsync(Site.Tenant);
        await site.CommitAsync(queue, [.. Enumerable.Range(1, 200).SelectMany(i => Of(Sample.Id(i), Sample.Id(10_000 + i)))]);
        var claimed = await far.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Tests.Site.Tenant), site.Now.AddHours(1), site.Now.AddHours(2), 1_000);
        Assert.Equal(200, claimed.Count);

        var before = proxy.Answers;
        Assert.Equal(claimed.Select(p => p.Row), (await far.Delivery.OpenAsync([.. claimed.Select(p => p.Row)])).Select(p => p.Row));
        Assert.Equal(1, proxy.Answers - before);
        before = proxy.Answers;
        await far.Delivery.RecordAsync("node-a", [.. claimed.Select((p, i) => (DeliveryResult)(i % 2 == 0
            ? new DeliveryResult.Finished(p, i % 4 == 0 ? OutboxState.Accepted : OutboxState.TargetDead, "CODE", site.Now, 1)
            : new DeliveryResult.Again(p, site.Now.AddHours(3), "UNAVAILABLE", 1)))]);
        Assert.Equal(1, proxy.Answers - before);
        Assert.Equal(100, (await site.Delivery.WaitingAsync())[Site.Tenant]);
    }

    [Fact]
    public async Task A_push_that_is_decided_again_after_it_was_withdrawn_stays_and_one_withdrawn_after_it_was_decided_goes()
    {
        var queue = await site.AddQueueAsync(Site.Tenant);
        var (kept, gone) = (Sample.Id(1), Sample.Id(2));
        await site.CommitAsync(queue,
            Sample.Created(kept), Sample.Created(gone), new Change.PushDecided(Sample.Push(Site.Tenant, kept, Sample.Id(11))),
            new Change.PushesWithdrawn(kept, [PushEvents.Upcoming]), new Change.PushDecided(Sample.Push(Site.Tenant, kept, Sample.Id(12), round: 1)),
            new Change.PushDecided(Sample.Push(Site.Tenant, gone, Sample.Id(13))), new Change.PushesWithdrawn(gone, [PushEvents.Upcoming]));
        Assert.Equal(Sample.Id(12), Assert.Single(await site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Tests.Site.Tenant), site.Now, site.Now.AddSeconds(30), 9)).Row.Message.NotificationId);
    }

    private static IEnumerable<Change> Of(Guid callback, Guid push) =>
    [
        Sample.Created(callback), new Change.TimelineAdded(callback, new TimelineEntry(1, Sample.Callback(callback).CreatedAt, "created", new Dictionary<string, object?>())),
        new Change.CallbackChanged(Sample.Callback(callback) with { SortKey = 9 }), new Change.PushesWithdrawn(callback, [PushEvents.Ready]),
        new Change.PushDecided(Sample.Push(Site.Tenant, callback, push)),
    ];

    private async Task<NpgsqlConnection> HoldAsync(string sql)
    {
        var connection = await PostgreSqlServer.ConnectAsync(site.ConnectionString);
        await using var command = new NpgsqlCommand($"begin; {sql}", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    private static async Task EndAsync(NpgsqlConnection holder, string how = "commit")
    {
        await using var command = new NpgsqlCommand(how, holder);
        await command.ExecuteNonQueryAsync();
    }
}
