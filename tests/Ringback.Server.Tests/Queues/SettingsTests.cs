namespace Ringback.Server.Tests.Queues;

/// <summary>Settings over the API: what is wrong, what was changed by whom, and the end of a queue (rules C1, C2).</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync("support", new { maxAttempts = 5 });
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact, Trait("Rule", "C2")]
    public async Task All_mistakes_of_a_change_are_answered_at_once_by_field_and_nothing_is_changed()
    {
        var answer = await site.Home.ManageAsync(HttpMethod.Patch, "settings/queues/support", new { maxAttempts = 0, region = "usa", retrySeconds = new { busy = "soon" }, language = "de-DE" });
        var errors = answer.Expect(HttpStatusCode.BadRequest).Json["errors"]!.AsArray();
        Assert.Equal(["maxAttempts", "region", "retrySeconds.busy"], errors.Select(e => e!["field"]!.GetValue<string>()).Order(StringComparer.Ordinal));
        Assert.Contains("must be a whole number from 1 to 20", answer.Body, StringComparison.Ordinal);
        var settings = (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support")).ExpectOk().Json;
        Assert.Equal((1, 5, "en-US"), (settings["version"]!.GetValue<int>(), settings["maxAttempts"]!.GetValue<int>(), settings["language"]!.GetValue<string>()));
    }

    [Fact, Trait("Rule", "C2")]
    public async Task The_history_says_who_changed_what_and_when()
    {
        await site.AdvanceAsync(TimeSpan.FromMinutes(1));
        await site.Home.ChangeQueueAsync("support", new { maxAttempts = 2, retrySeconds = new { busy = 7 }, callerId = "+14155550100" });
        await site.Home.ChangeQueueAsync("support", new { callerId = (string?)null });
        var entries = (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support/history")).ExpectOk().Json["entries"]!.AsArray();
        Assert.Equal([3, 2, 1], entries.Select(e => e!["version"]!.GetValue<int>()));
        Assert.Equal(["changed", "changed", "added"], entries.Select(e => e!["action"]!.GetValue<string>()));
        Assert.Equal(("home administrator", site.Now), (entries[0]!["by"]!.GetValue<string>(), entries[0]!["at"]!.GetValue<DateTimeOffset>()));
        Assert.Equal(["maxAttempts 5 → 2", "retrySeconds.busy 120 → 7", "callerId none → +14155550100"], Changes(entries[1]!));
        Assert.Equal(["callerId +14155550100 → none"], Changes(entries[0]!));
        Assert.Equal(["maxAttempts 3 → 5"], Changes(entries[2]!));

        var first = (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support/history?limit=2")).ExpectOk().Json;
        Assert.Equal([3, 2], first["entries"]!.AsArray().Select(e => e!["version"]!.GetValue<int>()));
        Assert.Equal(["maxAttempts 5 → 2", "retrySeconds.busy 120 → 7", "callerId none → +14155550100"], Changes(first["entries"]![1]!));
        var second = (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/support/history?limit=2&before={first["next"]!.GetValue<string>()}")).ExpectOk().Json;
        Assert.Equal([1], second["entries"]!.AsArray().Select(e => e!["version"]!.GetValue<int>()));
        Assert.Null(second["next"]);

        (await site.Other.ManageAsync(HttpMethod.Get, "settings/queues/support/history")).Expect(HttpStatusCode.NotFound);
        foreach (var wrong in (string[])["limit=0", "limit=201", "limit=x", "before=7", "before=1.x"])
            (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/support/history?{wrong}")).Expect(HttpStatusCode.BadRequest);
        (await site.Home.AgentAsync(HttpMethod.Get, "settings/queues/support/history")).Expect(HttpStatusCode.Forbidden);
    }

    [Fact, Trait("Rule", "C2")]
    public async Task A_queue_is_deleted_only_when_nothing_waits_in_it()
    {
        var waiting = await site.Home.CreateCallbackAsync("support");
        var refused = await site.Home.ManageAsync(HttpMethod.Delete, "settings/queues/support");
        Assert.Equal(("queue.not_empty", "One callback of this queue is not over. Wait until it is, or cancel it."), (refused.Expect(HttpStatusCode.Conflict).Json["code"]!.GetValue<string>(), refused.Message));
        (await site.Other.ManageAsync(HttpMethod.Delete, "settings/queues/support")).Expect(HttpStatusCode.NotFound);
        (await site.Home.CancelAsync(waiting)).ExpectOk();

        (await site.Home.ManageAsync(HttpMethod.Delete, "settings/queues/support")).ExpectOk();
        (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support")).Expect(HttpStatusCode.NotFound);
        (await site.Home.ManageAsync(HttpMethod.Delete, "settings/queues/support")).Expect(HttpStatusCode.NotFound);
        Assert.Equal(7040, (await site.Home.EngageAsync("callbacks/create", TenantClient.CreateBody("support"))).Expect(HttpStatusCode.BadRequest).EnvelopeCode);
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(waiting));

        await site.Home.CreateQueueAsync("support");
        await site.RestartServerAsync();
        Assert.Equal("QUEUED", await site.Home.StateAsync(await site.Home.CreateCallbackAsync("support")));
        var entries = (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/support/history")).ExpectOk().Json["entries"]!.AsArray();
        Assert.Equal(["added", "deleted", "added"], entries.Select(e => e!["action"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("export")]
    [InlineData("a%07b")]
    public async Task A_queue_cannot_have_a_name_that_no_address_or_file_could_carry(string name) =>
        Assert.Contains("queue must", (await site.Home.ManageAsync(HttpMethod.Post, $"settings/queues/{name}", new { })).Expect(HttpStatusCode.BadRequest).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Changes(JsonNode entry) => entry["changes"]!.AsArray().Select(c => $"{c!["field"]} {c["from"]?.ToString() ?? "none"} → {c["to"]?.ToString() ?? "none"}");
}
