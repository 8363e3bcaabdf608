using Ringback.Server.Tests.Telemetry;

namespace Ringback.Server.Tests.Callbacks;

/// <content>Agents who serve several queues (rule D5).</content>
public abstract partial class AttemptTests
{
    [Theory, Trait("Rule", "D5")]
    [InlineData(false)] // The first question of all goes by way of the grain, as one from another node does.
    [InlineData(true)]
    public async Task A_stop_does_not_wait_for_an_agent_who_waits(bool isLoaded)
    {
        await using var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(Queue);
        if (isLoaded) await site.Home.NextAsync(Queue, "Bob");
        await Eventually.UntilAsync(async () => (await Scrape.OfAsync(site)).Sum("http_server_active_requests", "http_request_method=POST") is null or 0, "nobody to ask any more");
        var asked = site.Home.TryNextAsync(Queue, waitSeconds: 60);
        await Eventually.UntilAsync(async () => (await Scrape.OfAsync(site)).Sum("http_server_active_requests", "http_request_method=POST") == 1, "the agent to wait");
        await site.StopServerAsync().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, (await asked).Status);
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_agent_who_asks_several_queues_at_the_same_instant_has_one_attempt_and_hears_of_it_from_all()
    {
        await using var site = await StartAsync();
        string[] queues = [Queue, "sales", "returns"];
        foreach (var queue in queues.Skip(1)) await site.Home.CreateQueueAsync(queue);
        for (var round = 0; round < 8; round++)
        {
            var waiting = await Task.WhenAll(queues.Select(queue => site.Home.CreateCallbackAsync(queue)));
            var orders = await Task.WhenAll(queues.Select(queue => site.Home.DialAsync(queue)));
            var order = Assert.Single(orders.DistinctBy(o => o.AttemptId));
            Assert.Equal(
                waiting.Select(id => id == order.CallbackId ? "ROUTING" : "QUEUED"),
                await Task.WhenAll(waiting.Select(site.Home.StateAsync)));
            Assert.Equal(1L, site.Query("select count(*) from attempts where state = 0", r => r.GetInt64(0))[0]);
            await site.Home.OutcomeAsync(order.AttemptId, "COMPLETED");
            foreach (var id in waiting.Where(id => id != order.CallbackId)) (await site.Home.CancelAsync(id)).ExpectOk();
        }
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_agent_who_waits_at_one_queue_and_is_given_a_callback_by_another_gets_no_second_one()
    {
        await using var site = await StartAsync();
        await site.Home.CreateQueueAsync("sales");
        var patient = site.Home.NextAsync(Queue, waitSeconds: 30);
        await site.Home.CreateCallbackAsync("sales");
        var order = await site.Home.DialAsync("sales");
        var id = await site.Home.CreateCallbackAsync(Queue);
        // The wait ends with the callback that has come; the answer is the one that the agent holds.
        Assert.Equal(order.AttemptId, (await patient)?.AttemptId);
        Assert.Equal(("QUEUED", 1), await site.Home.RetrieveAsync(id) is var view ? (view.State, view.Position) : default);
        Assert.Equal(id, (await site.Home.DialAsync(Queue, "Grace")).CallbackId);
    }

    [Fact, Trait("Rule", "D7")]
    public async Task An_agent_whose_callback_was_cancelled_is_given_another_and_never_that_one_also_after_a_restart()
    {
        await using var site = await StartAsync();
        var cancelled = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var next = await site.Home.CreateCallbackAsync(Queue);
        var order = await site.Home.DialAsync(Queue);
        (await site.Home.CancelAsync(cancelled)).ExpectOk();
        await site.RestartServerAsync();
        Assert.Equal(next, (await site.Home.DialAsync(Queue)).CallbackId);
        (await site.Home.ExtendAsync(order.AttemptId, 60)).Expect(HttpStatusCode.Conflict);
        // It may have been dialled before that: what became of it is taken, and changes nothing.
        Assert.Equal("COMPLETED", (await site.Home.OutcomeAsync(order.AttemptId, "NO_ANSWER"))["callbackState"]!.GetValue<string>());
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(cancelled));
        Assert.Equal("", await site.EventsAsync(Phone));
    }
}
