namespace Ringback.Server.Tests.Delivery;

/// <summary>What the rules of the emulator's fault list may say beside the error, against the real program: how late, how many of all, from when and until when; and a proxy's pages (rules B9, B10).</summary>
public sealed class FaultRuleTests
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";

    [Fact, Trait("Rule", "B10")]
    public async Task A_late_answer_counts_if_it_comes_within_the_time_out()
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect = "latency", latencyMs = 9_000 });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(("pending", 0), Assert.Single(site.Outbox()) is var waits ? (waits.State, waits.Attempts) : default);
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        await Eventually.UntilAsync(() => Task.FromResult(Assert.Single(site.Outbox()).State != "pending"), "the answer");
        Assert.Equal(("accepted", 1), Assert.Single(site.Outbox()) is var sent ? (sent.State, sent.Attempts) : default);
        Assert.Single(await site.InboxAsync("phone-1"));
    }

    [Fact, Trait("Rule", "B10")]
    public async Task A_late_refusal_is_the_refusal()
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect = "error", error = "UNREGISTERED", latencyMs = 5_000 });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromSeconds(4));
        Assert.Equal("pending", Assert.Single(site.Outbox()).State);
        await site.AdvanceAsync(TimeSpan.FromSeconds(2));
        await Eventually.UntilAsync(() => Task.FromResult(Assert.Single(site.Outbox()).State != "pending"), "the answer");
        Assert.Equal(("target_dead", "UNREGISTERED"), Assert.Single(site.Outbox()) is var row ? (row.State, row.Code) : default);
    }

    [Fact, Trait("Rule", "B10")]
    public async Task An_answer_that_is_later_than_the_time_out_is_none_and_the_push_is_sent_again_under_the_same_id()
    {
        await using var site = await StartAsync();
        await site.Phones.AddRuleAsync(new { effect = "latency", latencyMs = 60_000 });
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await Eventually.UntilAsync(async () => await site.Phones.StruckAsync() == 1, "the request");
        await site.AdvanceAsync(TimeSpan.FromSeconds(11));
        await Eventually.UntilAsync(() => Task.FromResult(Assert.Single(site.Outbox()).Attempts > 0), "the end of the request");
        Assert.Equal(("pending", 1, "TIMEOUT"), Assert.Single(site.Outbox()) is var row ? (row.State, row.Attempts, row.Code) : default);
        await site.Phones.BringBackAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(21));
        await Eventually.UntilAsync(() => Task.FromResult(Assert.Single(site.Outbox()).State == "accepted"), "the push to be accepted");
        Assert.Equal(2, Assert.Single(site.Outbox()).Attempts);
        // Nobody can know that the first one was taken when its answer was given up.
        Assert.Single((await site.InboxAsync("phone-1")).Select(p => p.NotificationId).Distinct());
    }

    [Fact, Trait("Rule", "B9")]
    public async Task A_share_of_the_pushes_is_struck_the_same_ones_with_the_same_seed_and_the_others_go_out()
    {
        await using var site = await StartAsync();
        var first = await StruckOfTwelveAsync(site, "a", seed: 7);
        var again = await StruckOfTwelveAsync(site, "b", seed: 7);
        var other = await StruckOfTwelveAsync(site, "c", seed: 8);
        Assert.InRange(first.Count(struck => struck), 1, 11);
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact, Trait("Rule", "B10")]
    public async Task A_fault_that_begins_and_ends_by_the_clock_costs_what_falls_into_it_a_repeat_and_no_more()
    {
        await using var site = await StartAsync();
        var (from, until) = (site.Now.AddSeconds(60), site.Now.AddSeconds(120));
        await site.Phones.AddRuleAsync(new { effect = "error", error = "UNAVAILABLE", retryAfterSeconds = 5, from, until });
        await site.Home.FailForGoodAsync(Queue, "before");
        await site.WaitForPushAsync("before", Final);
        await site.AdvanceToAsync(from.AddSeconds(1));
        await site.Home.FailForGoodAsync(Queue, "within");
        await site.AdvanceToAsync(until.AddSeconds(-1));
        Assert.Equal(("pending", "UNAVAILABLE"), site.Outbox()[1] is var row ? (row.State, row.Code) : default);

        var push = await site.AdvanceUntilPushAsync("within", Final, TimeSpan.FromSeconds(10));
        Assert.InRange(push.ReceivedAt, until, until.AddSeconds(7));
        await site.Home.FailForGoodAsync(Queue, "after");
        await site.WaitForPushAsync("after", Final);
        await Eventually.UntilAsync(() => Task.FromResult(site.Outbox().All(r => r.State == "accepted")), "the last answer");
        Assert.Equal([1, 1], site.Outbox().Where((_, i) => i != 1).Select(r => r.Attempts));
        Assert.Equal(["before", "within", "after"], (await site.InboxAsync()).Select(p => p.Token));
    }

    [Theory, Trait("Rule", "B9")]
    [InlineData("html-1", "HTTP_502")]
    [InlineData("html404-1", "HTTP_404")]
    public async Task A_proxys_page_accuses_neither_the_target_nor_the_project(string token, string code)
    {
        await using var site = await StartAsync();
        await site.Home.FailForGoodAsync(Queue, token);
        await Eventually.UntilAsync(() => Task.FromResult(site.Outbox() is [{ Code: not null }]), "the answer");
        Assert.Equal(("pending", 1, code), Assert.Single(site.Outbox()) is var row ? (row.State, row.Attempts, row.Code) : default);
        Assert.Equal(0, Assert.Single(site.Query("select state from push_targets", r => r.GetInt32(0))));
        await site.Home.FailForGoodAsync(Queue, "good");
        await site.AdvanceUntilPushAsync("good", Final, TimeSpan.FromSeconds(5));
    }

    /// <summary>Twelve pushes, one after the other; of each whether the rule struck it. One that it struck ends, so none draws twice.</summary>
    private static async Task<List<bool>> StruckOfTwelveAsync(TestSite site, string name, int seed)
    {
        await site.Phones.AddRuleAsync(new { effect = "error", error = "THIRD_PARTY_AUTH_ERROR", share = 0.5, seed, tokenPrefix = $"{name}-" });
        List<bool> struck = [];
        for (var i = 0; i < 12; i++)
        {
            var ended = site.Outbox().Count;
            await site.Home.FailForGoodAsync(Queue, $"{name}-{i}");
            await Eventually.UntilAsync(() => Task.FromResult(site.Outbox().Count(row => row.State != "pending") == ended + 1), $"push {name}-{i} to end");
            struck.Add((await site.Phones.InboxAsync($"{name}-{i}")).Count == 0);
        }
        Assert.Equal(struck.Count(s => s), await site.Phones.StruckAsync());
        await site.Phones.BringBackAsync();
        return struck;
    }

    private static async Task<TestSite> StartAsync()
    {
        var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        return site;
    }
}
