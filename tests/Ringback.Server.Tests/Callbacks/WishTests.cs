using System.Text.Json.Nodes;
using Ringback.Engine;

namespace Ringback.Server.Tests.Callbacks;

/// <summary>Confirm, snooze and reschedule (wire contract, row 12).</summary>
public sealed partial class WishTests
{
    private const string Queue = "support";
    private const string Phone = "phone-1";

    [Fact, Trait("Rule", "D10")]
    public async Task A_confirmation_is_noted_once_and_changes_nothing_else()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        Assert.Equal(id, (await ConfirmAsync(site, id)).ExpectOk().Data["id"]!.GetValue<Guid>());
        (await ConfirmAsync(site, id)).ExpectOk();
        Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "confirmed");
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
        Assert.Equal(id, (await site.Home.DialAsync(Queue)).CallbackId);
        (await ConfirmAsync(site, id)).ExpectOk();
    }

    [Fact, Trait("Rule", "D2")]
    public async Task A_snoozed_callback_is_passed_over_and_returns_to_its_place()
    {
        await using var site = await StartAsync();
        var first = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var second = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromSeconds(1));
        var third = await site.Home.CreateCallbackAsync(Queue);

        var until = (await SnoozeAsync(site, first, 10)).ExpectOk().Data["returnTime"]!.GetValue<DateTimeOffset>();
        Assert.Equal(site.Now.AddMinutes(10), until);
        Assert.Equal(1, (await site.Home.RetrieveAsync(second)).Position);
        Assert.Equal(second, (await site.Home.DialAsync(Queue)).CallbackId);

        await site.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal((1, 2), ((await site.Home.RetrieveAsync(first)).Position, (await site.Home.RetrieveAsync(third)).Position));
        Assert.Equal(first, (await site.Home.DialAsync(Queue, "Grace")).CallbackId);
        Assert.Equal(["snoozed", "returned"], (await site.Home.TimelineAsync(first)).Select(e => e.Kind).Where(k => k is "snoozed" or "returned"));
    }

    [Fact, Trait("Rule", "D2")]
    public async Task A_snooze_never_cuts_a_pause_short()
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "NO_ANSWER");
        var retryAt = site.Now.AddMinutes(5);
        Assert.Equal(retryAt, (await SnoozeAsync(site, id, 1)).ExpectOk().Data["returnTime"]!.GetValue<DateTimeOffset>());
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Null(await site.Home.NextAsync(Queue));
        await site.AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(2, (await site.Home.DialAsync(Queue)).Attempt);
    }

    [Fact, Trait("Rule", "D7")]
    public async Task A_snooze_beyond_the_end_of_the_wait_is_refused_and_changes_nothing()
    {
        await using var site = await StartAsync(new { maxTimeInQueueSeconds = 600 });
        var id = await site.Home.CreateCallbackAsync(Queue);
        Assert.Equal(501, (await SnoozeAsync(site, id, 10)).Expect(HttpStatusCode.BadRequest).EnvelopeCode);
        Assert.Equal(id, (await site.Home.DialAsync(Queue)).CallbackId);
    }

    [Fact, Trait("Rule", "B1"), Trait("Rule", "D2")]
    public async Task A_rescheduled_callback_keeps_its_id_gets_the_place_of_its_new_time_and_no_second_UPCOMING()
    {
        await using var site = await StartAsync();
        await site.Home.ReportAsync(Queue, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, waiting: 1);
        await site.WaitForPushAsync(Phone, "CALLBACK_UPCOMING");

        var desired = site.Now.AddHours(2);
        Assert.Equal(desired, (await RescheduleAsync(site, id, desired)).ExpectOk().Data["desiredTime"]!.GetValue<DateTimeOffset>());
        (await RescheduleAsync(site, id, desired)).ExpectOk();
        Assert.Single(await site.Home.TimelineAsync(id), e => e.Kind == "rescheduled" && e.Detail["reason"]!.GetValue<string>() == "CUSTOMER");
        Assert.Equal(("SCHEDULED", desired), ((await site.Home.RetrieveAsync(id)).State, (await site.Home.RetrieveAsync(id)).DesiredTime));
        Assert.Null(await site.Home.NextAsync(Queue));

        await site.AdvanceAsync(TimeSpan.FromMinutes(119));
        var earlier = await site.Home.CreateCallbackAsync(Queue);
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        var later = await site.Home.CreateCallbackAsync(Queue);
        Assert.Equal([earlier, id, later], [(await site.Home.DialAsync(Queue)).CallbackId, (await site.Home.DialAsync(Queue, "b")).CallbackId, (await site.Home.DialAsync(Queue, "c")).CallbackId]);
        Assert.Equal("UPCOMING", await site.EventsAsync(Phone));
    }

    [Fact, Trait("Rule", "D7")]
    public async Task The_longest_wait_counts_from_the_new_time()
    {
        await using var site = await StartAsync(new { maxTimeInQueueSeconds = 600 });
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var desired = site.Now.AddMinutes(60);
        (await RescheduleAsync(site, id, desired)).ExpectOk();
        await site.AdvanceToAsync(desired.AddSeconds(599));
        Assert.Equal("QUEUED", await site.Home.StateAsync(id));
        await site.AdvanceUntilPushAsync(Phone, "CALLBACK_PURGED", TimeSpan.FromSeconds(2));
    }

    [Fact, Trait("Rule", "B4")]
    public async Task A_READY_callback_that_is_rescheduled_is_told_again_at_its_new_time_and_its_call_in_data_end()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateCallInQueueAsync(Queue);
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        await site.Home.ReportAsync(Queue, ready: 1);
        await site.WaitForPushAsync(Phone, "CALLBACK_READY");
        var code = (await site.Home.CallInAsync(id)).ExpectOk().Data["accessCode"]!.GetValue<string>();

        var desired = site.Now.AddHours(1);
        (await RescheduleAsync(site, id, desired)).ExpectOk();
        (await site.Home.MatchAsync(accessCode: code)).Expect(HttpStatusCode.NotFound);
        await site.AdvanceToAsync(desired);
        await site.Home.ReportAsync(Queue, ready: 1);
        Assert.Equal("ROUTING", await site.Home.StateAsync(id));
        await site.SettleAsync();
        Assert.Equal(2, (await site.InboxAsync(Phone)).Count(p => p.Data("event") == "CALLBACK_READY"));
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("confirm", "ROUTING", 200)]
    [InlineData("snooze", "ROUTING", 400)]
    [InlineData("reschedule", "ROUTING", 400)]
    [InlineData("push-targets", "ROUTING", 200)]
    [InlineData("confirm", "PROCESSING", 400)]
    [InlineData("snooze", "PROCESSING", 400)]
    [InlineData("reschedule", "PROCESSING", 400)]
    [InlineData("push-targets", "PROCESSING", 200)]
    [InlineData("confirm", "COMPLETED", 400)]
    [InlineData("snooze", "COMPLETED", 400)]
    [InlineData("reschedule", "COMPLETED", 400)]
    [InlineData("push-targets", "COMPLETED", 400)]
    [InlineData("confirm", "SCHEDULED", 200)]
    [InlineData("snooze", "SCHEDULED", 400)]
    [InlineData("reschedule", "SCHEDULED", 200)]
    [InlineData("push-targets", "SCHEDULED", 200)]
    public async Task A_wish_is_granted_only_in_the_states_that_fit(string wish, string state, int status)
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone], desired: state == "SCHEDULED" ? site.Now.AddHours(3) : null);
        if (state is "ROUTING" or "PROCESSING")
        {
            var order = await site.Home.DialAsync(Queue);
            if (state == "PROCESSING") await site.Home.OutcomeAsync(order.AttemptId, "CONNECTED");
        }
        else if (state == "COMPLETED") (await site.Home.CancelAsync(id)).ExpectOk();

        var answer = (await site.Home.EngageAsync($"callbacks/{wish}", Body(site, wish, id))).Expect((HttpStatusCode)status);
        if (status != 200) Assert.Equal(7045, answer.EnvelopeCode);
        Assert.Equal(state, (await site.Home.RetrieveAsync(id)).State);
    }

    [Theory, Trait("Rule", "E3")]
    [InlineData("confirm")]
    [InlineData("snooze")]
    [InlineData("reschedule")]
    [InlineData("push-targets")]
    public async Task The_callback_of_another_tenant_is_unknown(string wish)
    {
        await using var site = await StartAsync();
        var id = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        Assert.Equal(7044, (await site.Other.EngageAsync($"callbacks/{wish}", Body(site, wish, id))).Expect(HttpStatusCode.NotFound).EnvelopeCode);
        Assert.Equal(7044, (await site.Home.EngageAsync($"callbacks/{wish}", Body(site, wish, Guid.CreateVersion7(site.Now)))).Expect(HttpStatusCode.NotFound).EnvelopeCode);
    }

    [Theory, Trait("Rule", "E1")]
    [InlineData("snooze", "{}", "minutes")]
    [InlineData("snooze", """{"minutes":0}""", "minutes")]
    [InlineData("snooze", """{"minutes":61}""", "minutes")]
    [InlineData("reschedule", "{}", "desiredTime")]
    [InlineData("reschedule", """{"desiredTime":"2026-11-23T10:15:30.000Z"}""", "desiredTime")]
    [InlineData("reschedule", """{"desiredTime":"2028-01-01T00:00:00.000Z"}""", "desiredTime")]
    [InlineData("push-targets", "{}", "pushTargets")]
    [InlineData("push-targets", """{"pushTargets":[]}""", "pushTargets")]
    [InlineData("push-targets", """{"pushTargets":[{"channel":"SMS","target":"x"}]}""", "channel")]
    public async Task A_bad_request_is_refused_by_name_of_the_field(string wish, string fields, string named)
    {
        await using var site = await StartAsync();
        var body = JsonNode.Parse(fields)!.AsObject();
        body["id"] = await site.Home.CreateCallbackAsync(Queue, [Phone]);
        var answer = (await site.Home.EngageAsync($"callbacks/{wish}", body)).Expect(HttpStatusCode.BadRequest);
        Assert.Equal(501, answer.EnvelopeCode);
        Assert.Contains(named, answer.Message, StringComparison.Ordinal);
    }

    private static JsonObject Body(TestSite site, string wish, Guid id) => wish switch
    {
        "snooze" => new JsonObject { ["id"] = id, ["minutes"] = 5 },
        "reschedule" => new JsonObject { ["id"] = id, ["desiredTime"] = WireTime.Of(site.Now.AddHours(2)) },
        "push-targets" => Targets(id, "new-1"),
        _ => new JsonObject { ["id"] = id },
    };

    private static JsonObject Targets(Guid id, params string[] targets) => new()
    {
        ["id"] = id,
        ["pushTargets"] = new JsonArray([.. targets.Select(t => new JsonObject { ["channel"] = "FCM", ["target"] = t })]),
    };

    private static Task<ApiAnswer> ConfirmAsync(TestSite site, Guid id) => site.Home.EngageAsync("callbacks/confirm", new { id });

    private static Task<ApiAnswer> SnoozeAsync(TestSite site, Guid id, int minutes) => site.Home.EngageAsync("callbacks/snooze", new { id, minutes });

    private static Task<ApiAnswer> RescheduleAsync(TestSite site, Guid id, DateTimeOffset at) =>
        site.Home.EngageAsync("callbacks/reschedule", new { id, desiredTime = WireTime.Of(at) });

    private static async Task<TestSite> StartAsync(object? settings = null)
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue, settings);
        return site;
    }
}
