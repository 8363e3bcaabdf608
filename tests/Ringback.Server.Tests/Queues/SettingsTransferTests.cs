using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Queues;

namespace Ringback.Server.Tests.Queues;

/// <summary>The settings table as a file (rule C2): out and in again, every mistake by its line, all or nothing, in force at once.</summary>
public sealed class SettingsTransferTests : IAsyncLifetime
{
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support", new { pushNotificationThresholdMinutes = 0 });
        await site.Home.CreateQueueAsync("=sales", new JsonObject { ["callerId"] = "+14155550100", ["timeToLiveSeconds"] = new JsonObject { ["CALLBACK_READY"] = 60 } });
        await site.Other.CreateQueueAsync("foreign");
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Theory]
    [InlineData("csv", "text/csv")]
    [InlineData("json", "application/json")]
    public async Task An_export_imported_again_changes_nothing_and_rebuilds_the_queues_of_another_tenant(string format, string type)
    {
        var export = (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/export?format={format}")).ExpectOk();
        Assert.StartsWith(type, export.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains($"ringback-settings.{format}", export.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.DoesNotContain("foreign", export.Body, StringComparison.Ordinal);

        var again = (await ImportAsync(site.Home, export.Body)).ExpectOk().Json;
        Assert.Equal((0, 0, 2), Counts(again));
        Assert.Equal((2, 0, 0), Counts((await ImportAsync(site.Other, export.Body)).ExpectOk().Json));
        foreach (var queue in (string[])["support", "%3Dsales"])
        {
            var (here, there) = (await QueueAsync(site.Home, queue), await QueueAsync(site.Other, queue));
            Assert.Equal(here.ToJsonString(), there.ToJsonString());
        }
        Assert.Equal(3, (await site.Other.ManageAsync(HttpMethod.Get, "settings/queues")).Json["queues"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_import_is_in_force_at_once_for_callbacks_that_wait()
    {
        await site.Home.ReportAsync("support", waiting: 20);
        await site.Home.CreateCallbackAsync("support", ["phone-1"]);
        await site.Home.ReportAsync("support", waiting: 2, departures: 18);
        Assert.Empty(await site.InboxAsync("phone-1"));
        var report = (await ImportAsync(site.Home, "queue,pushNotificationThresholdMinutes\nsupport,5")).ExpectOk().Json;
        Assert.Equal((0, 1, 0), Counts(report));
        Assert.Equal("""{"line":2,"queue":"support","action":"changed","changes":[{"field":"pushNotificationThresholdMinutes","from":0,"to":5}]}""", report["queues"]![0]!.ToJsonString());
        await site.WaitForPushAsync("phone-1", "CALLBACK_UPCOMING");
        var entry = (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support/history")).Json["entries"]![0]!;
        Assert.Equal(("home administrator", 2), (entry["by"]!.GetValue<string>(), entry["version"]!.GetValue<int>()));
        // The owner goes on from the version that was written past it.
        await site.Home.ChangeQueueAsync("support", new { maxAttempts = 4 });
        Assert.Equal(3, (await QueueAsync(site.Home, "support"))["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task What_was_written_without_telling_the_owner_is_in_force_within_seconds()
    {
        await site.Home.ReportAsync("support", waiting: 20);
        await site.Home.CreateCallbackAsync("support", ["phone-1"]);
        await site.Home.ReportAsync("support", waiting: 2, departures: 18);
        // As the command line does, and a node that dies after its transaction.
        var table = SettingsTable.Read("queue,pushNotificationThresholdMinutes\nsupport,5"u8, SettingsFormat.Csv);
        Assert.Null((await site.Services.GetRequiredService<SettingsImport>().RunAsync(site.Home.Keys.Tenant, table, "command line", dryRun: false)).Fault);
        await site.AdvanceUntilPushAsync("phone-1", "CALLBACK_UPCOMING", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task One_wrong_line_keeps_the_whole_file_out_and_every_mistake_is_told_by_its_line()
    {
        var refused = await ImportAsync(site.Home, "queue,maxAttempts,region\nsupport,9,US\nnew,1,DE\n=sales,0,usa\nsupport,1,US\n\n,1,US");
        var json = refused.Expect(HttpStatusCode.BadRequest).Json;
        Assert.Equal("settings.import_refused", json["code"]!.GetValue<string>());
        Assert.Equal(
            ["4 maxAttempts must be a whole number from 1 to 20", "4 region must be two capital letters such as US", "5 queue names a queue that line 2 names already", "7 queue must have 1 to 255 characters and no control characters"],
            json["errors"]!.AsArray().Select(e => $"{e!["line"]} {e["field"]} {e["message"]}"));
        Assert.Equal(["=sales", "support"], (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues")).Json["queues"]!.AsArray().Select(q => q!["queue"]!.GetValue<string>()));
        Assert.Equal(1, (await QueueAsync(site.Home, "support"))["version"]!.GetValue<int>());
    }

    [Fact]
    public async Task A_queue_that_holds_callbacks_and_changes_its_type_keeps_the_whole_file_out()
    {
        await site.Home.CreateCallbackAsync("support");
        var file = """{"queues":[{"queue":"=sales","maxAttempts":9},{"queue":"support","type":"USERORIGINATED","callInGroup":"numbers"}]}""";
        Assert.Contains("Line 1: type can be changed only while no callback is in the queue", (await ImportAsync(site.Home, file)).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);
        Assert.Equal(3, (await QueueAsync(site.Home, "%3Dsales"))["maxAttempts"]!.GetValue<int>());
        // Its owner was not disturbed.
        Assert.NotNull(await site.Home.NextAsync("support"));
    }

    [Fact]
    public async Task An_empty_queue_changes_its_type_by_import_and_its_owner_with_it()
    {
        Assert.Null(await site.Home.NextAsync("support"));
        (await ImportAsync(site.Home, "queue,type,callInGroup\nsupport,USERORIGINATED,numbers")).ExpectOk();
        await Eventually.GetAsync(async () => (await site.Home.TryNextAsync("support")).Status == HttpStatusCode.Conflict ? "" : null, "the owner of the other type");
        (await site.Home.ManageAsync(HttpMethod.Put, "settings/call-in-groups/numbers", new { phoneNumbers = (string[])["+14155550199"], accessCodeDigits = 0 })).ExpectOk();
        await site.Home.ReportAsync("support", ready: 1);
        await site.Home.CreateCallbackAsync("support", ["phone-1"]);
        await site.WaitForPushAsync("phone-1", "CALLBACK_READY");
    }

    [Fact]
    public async Task A_dry_run_says_what_would_happen_and_does_nothing()
    {
        var report = (await ImportAsync(site.Home, "queue,maxAttempts\nsupport,9\nnew,3\n=sales,3", "?dryRun=true")).ExpectOk().Json;
        Assert.True(report["dryRun"]!.GetValue<bool>());
        Assert.Equal((1, 1, 1), Counts(report));
        Assert.Equal(["changed", "added", "unchanged"], report["queues"]!.AsArray().Select(q => q!["action"]!.GetValue<string>()));
        Assert.Equal((1, 3), ((await QueueAsync(site.Home, "support"))["version"]!.GetValue<int>(), (await QueueAsync(site.Home, "support"))["maxAttempts"]!.GetValue<int>()));
        (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/new")).Expect(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("?format=xml", "queue\na", "format must be csv or json")]
    [InlineData("?dryRun=yes", "queue\na", "dryRun must be true or false")]
    [InlineData("?format=json", "queue\na", "The file is not well-formed JSON")]
    [InlineData("", "", "The file is empty")]
    [InlineData("", "queue", "The file holds no queue")]
    [InlineData("", """{"queues":[{"queue":"x","queue":"y"}]}""", "The file is not well-formed JSON")]
    public async Task A_request_that_cannot_be_read_is_refused_with_what_to_do(string query, string file, string told) =>
        Assert.Contains(told, (await ImportAsync(site.Home, file, query)).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_file_of_many_queues_may_be_larger_than_other_bodies_but_not_without_limit()
    {
        var many = new StringBuilder("queue,callerId\n");
        for (var n = 0; n < 2_000; n++) many.Append(System.Globalization.CultureInfo.InvariantCulture, $"queue-{n},+1415555{n:0000} with a long name that fills the body\n");
        Assert.True(many.Length > 100_000);
        Assert.Equal((2_000, 0, 0), Counts((await ImportAsync(site.Home, many.ToString())).ExpectOk().Json));
        var answer = await ImportAsync(site.Home, new string('x', SettingsTable.MaxBytes + 1));
        Assert.Contains("at most 4 MiB", answer.Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_right_management_transfers_settings()
    {
        (await site.Home.AgentAsync(HttpMethod.Get, "settings/queues/export")).Expect(HttpStatusCode.Forbidden);
        (await site.Home.AgentAsync(HttpMethod.Post, "settings/queues/import", "queue\na")).Expect(HttpStatusCode.Forbidden);
    }

    private static Task<ApiAnswer> ImportAsync(TenantClient tenant, string file, string query = "") =>
        tenant.SendAsync(HttpMethod.Post, $"/management/v1/settings/queues/import{query}", file, tenant.Keys.Management, "text/csv");

    private static async Task<JsonNode> QueueAsync(TenantClient tenant, string name) => (await tenant.ManageAsync(HttpMethod.Get, $"settings/queues/{name}")).ExpectOk().Json;

    private static (int Added, int Changed, int Unchanged) Counts(JsonNode report) =>
        (report["added"]!.GetValue<int>(), report["changed"]!.GetValue<int>(), report["unchanged"]!.GetValue<int>());
}
