using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Faults;

public sealed class FaultRuleTests
{
    [Theory]
    [InlineData("""{"effect":"error","error":"INTERNAL","token":"a"}""", "a")]
    [InlineData("""{"effect":"error","error":"INTERNAL","tokenPrefix":"a"}""", "a,ab")]
    [InlineData("""{"effect":"error","error":"INTERNAL","projectId":"demo"}""", "a,ab,b")]
    [InlineData("""{"effect":"error","error":"INTERNAL","projectId":"other"}""", "")]
    [InlineData("""{"effect":"error","error":"INTERNAL","token":"a","projectId":"other"}""", "")]
    [InlineData("""{"effect":"error","error":"INTERNAL","from":"2026-11-23T10:15:31Z"}""", "")]
    [InlineData("""{"effect":"error","error":"INTERNAL","until":"2026-11-23T10:15:31Z"}""", "a,ab,b")]
    [InlineData("""{"effect":"error","error":"INTERNAL","until":"2026-11-23T10:15:30Z"}""", "")]
    [InlineData("""{"effect":"error","error":"INTERNAL","share":0}""", "")]
    public async Task A_rule_strikes_only_what_it_names(string rule, string struck)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.AddRuleAsync(rule);
        var hit = new List<string>();
        foreach (var token in new[] { "a", "ab", "b" })
        {
            using var answer = await emulator.SendToAsync(token);
            if (answer.StatusCode == HttpStatusCode.InternalServerError)
            {
                hit.Add(token);
            }
        }
        Assert.Equal(struck, string.Join(',', hit));
    }

    [Fact]
    public async Task A_share_is_the_same_in_every_run_of_its_seed()
    {
        var runs = new List<string>();
        foreach (var seed in new[] { 7, 7, 8 })
        {
            await using var emulator = await StartAsync();
            await emulator.SignInAsync();
            await emulator.AddRuleAsync($$"""{"effect":"error","error":"UNAVAILABLE","share":0.3,"seed":{{seed}}}""");
            var run = new StringBuilder();
            for (var count = 0; count < 100; count++)
            {
                using var answer = await emulator.SendToAsync("t");
                run.Append(answer.StatusCode == HttpStatusCode.OK ? '.' : 'x');
            }
            runs.Add(run.ToString());
            var rule = (await RulesAsync(emulator))[0]!;
            Assert.Equal(100, (int)rule["fitted"]!);
            Assert.Equal(run.ToString().Count(letter => letter == 'x'), (int)rule["struck"]!);
        }
        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
        Assert.InRange(runs[0].Count(letter => letter == 'x'), 15, 45);
    }

    [Fact]
    public async Task Latency_delays_the_answer_by_the_clock()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.AddRuleAsync("""{"effect":"latency","latencyMs":4000}""");
        var sending = emulator.SendToAsync("t");
        Assert.True(await emulator.AdvanceUntilAsync(sending) >= TimeSpan.FromSeconds(4));
        using var answer = await sending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_reset_breaks_the_request_and_the_next_one_goes_through(string version)
    {
        await using var emulator = await StartAsync();
        emulator.UseVersion(version);
        await emulator.SignInAsync();
        await emulator.AddRuleAsync("""{"effect":"reset","token":"a"}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.SendToAsync("a"));
        Assert.Empty(await emulator.InboxAsync());
        using var other = await emulator.SendToAsync("b");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task Accept_first_keeps_the_message_though_the_answer_is_lost()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.AddRuleAsync("""{"effect":"reset","acceptFirst":true}""");
        await Assert.ThrowsAsync<HttpRequestException>(() => emulator.SendToAsync("a"));
        Assert.Single(await emulator.InboxAsync());
    }

    [Fact]
    public async Task A_hanging_request_ends_with_the_patience_of_its_sender_or_with_the_emulator()
    {
        var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.AddRuleAsync("""{"effect":"hang"}""");
        var patient = emulator.SendToAsync("a");
        while ((int)(await RulesAsync(emulator))[0]!["struck"]! == 0)
        {
            Assert.False(patient.IsCompleted);
        }
        emulator.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(patient.IsCompleted);
        var start = Stopwatch.GetTimestamp();
        await emulator.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => patient);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        await emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_slow_body_is_right_and_comes_in_pieces()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.AddRuleAsync("""{"effect":"slowBody","bodyMs":10000}""");
        var sending = emulator.SendToAsync("a");
        Assert.True(await emulator.AdvanceUntilAsync(sending) >= TimeSpan.FromSeconds(5));
        using var answer = await sending;
        Assert.StartsWith("projects/demo/messages/", (string?)(await JsonOf(answer))["name"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_gateway_is_html()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.AddRuleAsync("""{"effect":"html502"}""");
        using var answer = await emulator.SendToAsync("a");
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Rules_are_listed_removed_and_cleared()
    {
        await using var emulator = await StartAsync();
        var first = await emulator.AddRuleAsync("""{"effect":"hang","token":"a","share":0.5,"seed":3}""");
        await emulator.AddRuleAsync("""{"effect":"reset"}""");
        Assert.Equal("""{"id":"f1","effect":"hang","token":"a","share":0.5,"seed":3,"fitted":0,"struck":0}""", first.ToJsonString());
        using var removed = await emulator.Http.DeleteAsync("/faults/rules/f1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var again = await emulator.Http.DeleteAsync("/faults/rules/f1", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal("f2", (string?)Assert.Single(await RulesAsync(emulator))!["id"]);
        using var cleared = await emulator.Http.DeleteAsync("/faults", TestContext.Current.CancellationToken);
        Assert.Empty(await RulesAsync(emulator));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"effect":"boom"}""")]
    [InlineData("""{"effect":"error"}""")]
    [InlineData("""{"effect":"error","error":"NOPE"}""")]
    [InlineData("""{"effect":"hang","share":1.5}""")]
    [InlineData("""{"effect":"hang","share":"x"}""")]
    [InlineData("""{"effect":"hang","from":"yesterday"}""")]
    [InlineData("""{"effect":"latency","latencyMs":600001}""")]
    [InlineData("""{"effect":"hang","tokn":"x"}""")]
    [InlineData("""{"effect":"hang","token":""}""")]
    public async Task A_rule_that_is_not_understood_is_refused_in_words(string rule)
    {
        await using var emulator = await StartAsync();
        using var body = new StringContent(rule, Encoding.UTF8, "application/json");
        using var answer = await emulator.Http.PostAsync("/faults/rules", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotEmpty((string)(await JsonOf(answer))["error"]!);
        Assert.Empty(await RulesAsync(emulator));
    }

    [Fact]
    public async Task There_is_a_limit_to_the_rules()
    {
        await using var emulator = await StartAsync();
        for (var count = 0; count < 100; count++)
        {
            await emulator.AddRuleAsync("""{"effect":"hang"}""");
        }
        using var body = new StringContent("""{"effect":"hang"}""", Encoding.UTF8, "application/json");
        using var answer = await emulator.Http.PostAsync("/faults/rules", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
    }

    private static async Task<JsonArray> RulesAsync(TestEmulator emulator)
        => JsonNode.Parse(await emulator.Http.GetStringAsync("/faults/rules", TestContext.Current.CancellationToken))!["rules"]!.AsArray();
}
