using System.Text.Json.Nodes;
using Ringback.Engine.Access;

namespace Ringback.Server.Tests.Callbacks;

/// <summary>Supervisors end callbacks (rules B6, D7), and everybody learns why one has not been called yet (rule D10).</summary>
public sealed class SupervisorTests
{
    private const string Queue = "support";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "B6"), Trait("Rule", "D7")]
    public async Task A_purge_is_told_with_its_reason_and_stands_in_the_timeline_with_who_did_it()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        (await EndAsync(site, id, "purge")).ExpectOk();
        Assert.Equal("ADMINISTRATOR", (await site.WaitForPushAsync(Phone, "CALLBACK_PURGED")).Data("reason"));
        Assert.Equal("COMPLETED/ADMINISTRATOR", await site.Home.StateAsync(id));
        Assert.NotEmpty((await site.Home.TimelineAsync(id)).Single(e => e.Kind == "purged.by_supervisor").Detail["by"]!.GetValue<string>());
        (await EndAsync(site, id, "purge")).Expect(HttpStatusCode.BadRequest);
        Assert.Equal("PURGED", await site.EventsAsync(Phone));
    }

    [Theory, Trait("Rule", "D7")]
    [InlineData("QUEUED")]
    [InlineData("SCHEDULED")]
    [InlineData("ROUTING")]
    public async Task A_cancel_is_silent(string state)
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone], desired: state == "SCHEDULED" ? site.Now.AddHours(1) : null);
        if (state == "ROUTING") await site.Home.DialAsync(Queue);
        (await EndAsync(site, id, "cancel")).ExpectOk();
        Assert.Equal("COMPLETED/CANCELLED", await site.Home.StateAsync(id));
        Assert.Contains(await site.Home.TimelineAsync(id), e => e.Kind == "cancelled.by_supervisor");
        await site.AdvanceAsync(TimeSpan.FromHours(5));
        Assert.Empty(await site.InboxAsync(Phone));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task ROUTING_and_PROCESSING_are_not_purged_and_PROCESSING_is_not_cancelled()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var order = await site.Home.DialAsync(Queue);
        (await EndAsync(site, id, "purge")).Expect(HttpStatusCode.BadRequest);
        await site.Home.OutcomeAsync(order.AttemptId, "CONNECTED");
        (await EndAsync(site, id, "purge")).Expect(HttpStatusCode.BadRequest);
        (await EndAsync(site, id, "cancel")).Expect(HttpStatusCode.BadRequest);
        Assert.Equal("PROCESSING", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "E3")]
    public async Task Only_a_key_with_the_right_management_of_the_same_tenant_may_do_that()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        (await site.Home.AgentAsync(HttpMethod.Post, $"callbacks/{id}/purge")).Expect(HttpStatusCode.Forbidden);
        (await site.Home.AgentAsync(HttpMethod.Post, $"callbacks/{id}/cancel")).Expect(HttpStatusCode.Forbidden);
        (await EndAsync(site, id, "purge", site.Other)).Expect(HttpStatusCode.NotFound);
        (await EndAsync(site, id, "cancel", site.Other)).Expect(HttpStatusCode.NotFound);
        (await site.Other.AgentAsync(HttpMethod.Get, $"callbacks/{id}/why")).Expect(HttpStatusCode.NotFound);
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_agent_whose_callback_was_cancelled_gets_another_one_and_cannot_extend_the_old_attempt()
    {
        await using var site = await StartAsync();
        var cancelled = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var old = await site.Home.DialAsync(Queue);
        (await site.Home.CancelAsync(cancelled)).ExpectOk();
        Assert.Null(await site.Home.NextAsync(Queue));
        (await site.Home.ExtendAsync(old.AttemptId, 60)).Expect(HttpStatusCode.Conflict);
        var other = await site.Home.CreateCallbackAsync(Queue);
        Assert.Equal(other, (await site.Home.DialAsync(Queue)).CallbackId);
        Assert.Equal("CANCELLED", (await site.Home.OutcomeAsync(old.AttemptId, "NO_ANSWER"))["callbackReason"]!.GetValue<string>());
    }

    [Fact, Trait("Rule", "D5")]
    public async Task An_attempt_whose_agent_has_taken_another_callback_since_cannot_be_extended()
    {
        await using var site = await StartAsync();
        await site.Home.CreateCallbackAsync(Queue);
        await site.Home.CreateCallbackAsync(Queue);
        var old = await site.Home.DialAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(121));
        var held = await site.Home.DialAsync(Queue);
        (await site.Home.ExtendAsync(old.AttemptId, 60)).Expect(HttpStatusCode.Conflict);
        Assert.Equal(held.AttemptId, (await site.Home.DialAsync(Queue)).AttemptId);
    }

    [Fact, Trait("Rule", "D10")]
    public async Task Why_not_yet_names_everything_that_a_callback_waits_for()
    {
        await using var site = await StartAsync(new { inFlightCap = 1 });
        await site.Home.ReportAsync(Queue, waiting: 2);
        var scheduled = await site.Home.CreateCallbackAsync(Queue, desired: site.Now.AddHours(1));
        var first = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var second = await site.Home.CreateCallbackAsync(Queue);

        Assert.Equal("DESIRED_TIME_AHEAD", await CodesAsync(site, scheduled));
        Assert.Equal("LIVE_INTERACTIONS_AHEAD=2 NO_AGENT_ASKED", await CodesAsync(site, first));
        Assert.Equal("CALLBACKS_AHEAD=1 LIVE_INTERACTIONS_AHEAD=2", await CodesAsync(site, second));

        var order = await site.Home.DialAsync(Queue);
        Assert.Equal("ATTEMPT_UNDER_WAY=1", await CodesAsync(site, first));
        Assert.Equal("LIVE_INTERACTIONS_AHEAD=2 IN_FLIGHT_CAP=1", await CodesAsync(site, second));
        var started = (await site.Home.TimelineAsync(first)).Single(e => e.Kind == "attempt.started").Detail;
        Assert.Equal((2, 2, 1), (started["inLine"]!.GetValue<int>(), started["liveAhead"]!.GetValue<int>(), started["waitedSeconds"]!.GetValue<int>()));

        await site.Home.OutcomeAsync(order.AttemptId, "BUSY");
        Assert.StartsWith("PAUSED", await CodesAsync(site, first), StringComparison.Ordinal);
        (await site.Home.CancelAsync(second)).ExpectOk();
        Assert.Equal("OVER", await CodesAsync(site, second));
    }

    private static async Task<string> CodesAsync(TestSite site, Guid id)
    {
        var reasons = (await site.Home.AgentAsync(HttpMethod.Get, $"callbacks/{id}/why")).ExpectOk().Json["reasons"]!.AsArray();
        return string.Join(' ', reasons.Select(r => r!["count"] is JsonNode count ? $"{r["code"]}={count}" : $"{r["code"]}"));
    }

    private static Task<ApiAnswer> EndAsync(TestSite site, Guid id, string how, TenantClient? tenant = null) =>
        (tenant ?? site.Home).ManageAsync(HttpMethod.Post, $"callbacks/{id}/{how}");

    private static async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}
