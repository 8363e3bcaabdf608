using Ringback.Storage;

namespace Ringback.Server.Tests.Callbacks;

/// <summary>The database cannot be written for a while (rule B10, ARCHITECTURE.md): 503, nothing half done, and everything goes on afterwards.</summary>
public abstract class DatabaseTests(SiteDatabase database)
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "B10"), Trait("Rule", "F1")]
    public async Task What_cannot_be_written_is_503_is_not_done_and_can_be_sent_again()
    {
        await using var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.ReportAsync(Queue, waiting: 9);
        var before = await site.Home.CreateCallbackAsync(Queue, ["phone-1"]);
        var attempt = (await site.Home.DialAsync(Queue)).AttemptId;
        var phone = TenantClient.NewPhone();

        using (site.LockDatabase())
        {
            var both = await Task.WhenAll(
                site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, ["phone-2"], phone)),
                site.Home.TryOutcomeAsync(attempt, "INVALID_NUMBER"));
            Assert.All(both, answer =>
            {
                answer.Expect(HttpStatusCode.ServiceUnavailable);
                Assert.True(answer.Headers.ContainsKey("Retry-After"), answer.Request);
            });
        }

        Assert.Equal(1, site.Query("select count(*) from callbacks", r => r.GetInt32(0))[0]);
        Assert.Empty(site.Outbox());
        await Eventually.UntilAsync(async () =>
        {
            site.Clock.Advance(TimeSpan.FromSeconds(1)); // The queue is loaded again a second after its owner was lost.
            return (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody(Queue, ["phone-2"], phone))).Status == HttpStatusCode.OK;
        }, "the queue's new owner");
        Assert.Equal("ROUTING", await site.Home.StateAsync(before));
        await site.Home.OutcomeAsync(attempt, "INVALID_NUMBER");
        await site.WaitForPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED");
        Assert.Single(await site.InboxAsync());
    }

    [Fact]
    public async Task A_server_whose_database_a_later_version_has_migrated_is_not_ready_and_does_not_start_again()
    {
        await using var site = await TestSite.StartAsync(on: database);
        site.Tamper("insert into \"__EFMigrationsHistory\" values ('29991231235959_Later', '99.0.0')");
        var ready = await site.Home.ReadyAsync();
        ready.Expect(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("newer than this program", ready.Body, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NewerSchemaException>(site.RestartServerAsync);
    }
}

/// <summary>On SQLite.</summary>
public sealed class SqliteDatabaseTests() : DatabaseTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlDatabaseTests() : DatabaseTests(SiteDatabase.PostgreSql);
