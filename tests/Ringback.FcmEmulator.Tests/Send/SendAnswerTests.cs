using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Send;

public sealed class SendAnswerTests
{
    [Theory]
    [InlineData("unregistered-1", 404, "NOT_FOUND", "UNREGISTERED", null)]
    [InlineData("unavailable-1", 503, "UNAVAILABLE", "UNAVAILABLE", 1)]
    [InlineData("quota-1", 429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", null)]
    [InlineData("internal-1", 500, "INTERNAL", "INTERNAL", null)]
    [InlineData("invalid-1", 400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", null)]
    [InlineData("mismatch-1", 403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", null)]
    public async Task The_beginning_of_a_token_chooses_the_refusal(string token, int http, string status, string errorCode, int? retryAfter)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var answer = await emulator.SendToAsync(token);
        var error = (await JsonOf(answer))["error"]!;
        Assert.Equal(http, (int)answer.StatusCode);
        Assert.Equal(http, (int)error["code"]!);
        Assert.Equal(status, (string?)error["status"]);
        var fcm = error["details"]![0]!;
        Assert.Equal("type.googleapis.com/google.firebase.fcm.v1.FcmError", (string?)fcm["@type"]);
        Assert.Equal(errorCode, (string?)fcm["errorCode"]);
        Assert.Equal(retryAfter, (int?)answer.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Empty(await emulator.InboxAsync());
    }

    [Fact]
    public async Task An_accepted_message_gets_a_name_of_its_own()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var first = await emulator.SendToAsync("t");
        using var second = await emulator.SendToAsync("t");
        var name = (string)(await JsonOf(first))["name"]!;
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.StartsWith("projects/demo/messages/0:", name, StringComparison.Ordinal);
        Assert.NotEqual(name, (string)(await JsonOf(second))["name"]!);
    }

    [Fact]
    public async Task Validate_only_answers_the_fake_name_and_still_shows_in_the_inbox()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var answer = await emulator.SendAsync("""{"validate_only":true,"message":{"topic":"news"}}""");
        Assert.Equal("projects/demo/messages/fake_message_id", (string?)(await JsonOf(answer))["name"]);
        Assert.True((bool)Assert.Single(await emulator.InboxAsync())!["validateOnly"]!);
    }

    [Fact]
    public async Task A_flaky_token_takes_each_notification_after_its_own_refusals()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        foreach (var notification in new[] { "a", "b" })
        {
            foreach (var expected in new[] { 503, 503, 200, 200 })
            {
                using var answer = await emulator.SendToAsync("flaky-2-phone", notification);
                Assert.Equal(expected, (int)answer.StatusCode);
            }
        }
        using var badCount = await emulator.SendToAsync("flaky-x-phone");
        Assert.Equal(HttpStatusCode.OK, badCount.StatusCode);
    }

    [Fact]
    public async Task A_slow_token_has_its_message_in_the_inbox_before_the_answer()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        var sending = emulator.SendToAsync("slow-1");
        Assert.Single(await emulator.InboxAsync("?token=slow-1&waitSeconds=60"));
        Assert.False(sending.IsCompleted);
        Assert.True(await emulator.AdvanceUntilAsync(sending) >= TimeSpan.FromSeconds(3));
        using var answer = await sending;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic abc")]
    [InlineData("Bearer")]
    [InlineData("Bearer ya29.unknown")]
    public async Task Without_a_known_bearer_token_the_caller_is_unauthenticated(string? authorization)
    {
        await using var emulator = await StartAsync();
        if (authorization is not null)
        {
            emulator.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }
        using var answer = await emulator.SendToAsync("t");
        await AssertStatusAsync(answer, 401, "UNAUTHENTICATED");
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bearer_token_ends_by_the_clock()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        emulator.Clock.Advance(TimeSpan.FromSeconds(3598));
        using var inTime = await emulator.SendToAsync("t");
        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
        emulator.Clock.Advance(TimeSpan.FromSeconds(1));
        using var late = await emulator.SendToAsync("t");
        await AssertStatusAsync(late, 401, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task A_foreign_project_is_forbidden_and_an_unknown_one_not_found()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.MintAsync("other");
        using var foreign = await emulator.SendAsync("""{"message":{"token":"t"}}""", "other");
        var denied = await AssertStatusAsync(foreign, 403, "PERMISSION_DENIED");
        var info = Assert.Single(denied["details"]!.AsArray())!;
        Assert.Equal("type.googleapis.com/google.rpc.ErrorInfo", (string?)info["@type"]);
        Assert.Equal("IAM_PERMISSION_DENIED", (string?)info["reason"]);

        using var unknown = await emulator.SendAsync("""{"message":{"token":"t"}}""", "nowhere");
        Assert.Null((await AssertStatusAsync(unknown, 404, "NOT_FOUND"))["details"]);
    }

    [Fact]
    public async Task Fcm_can_be_taken_away_and_given_back()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var set = await emulator.Http.PutAsJsonAsync(
            "/faults", new { unavailable = true, retryAfterSeconds = 7 }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, set.StatusCode);
        using var gone = await emulator.SendToAsync("t");
        await AssertStatusAsync(gone, 503, "UNAVAILABLE");
        Assert.Equal(TimeSpan.FromSeconds(7), gone.Headers.RetryAfter?.Delta);

        using var cleared = await emulator.Http.DeleteAsync("/faults", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        using var back = await emulator.SendToAsync("t");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Single(await emulator.InboxAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"unavailable":"yes"}""")]
    [InlineData("""{"unavailable":true,"retryAfterSeconds":-1}""")]
    [InlineData("""{"unavailable":true,"latency":1}""")]
    public async Task A_fault_that_is_not_understood_changes_nothing(string body)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var content = new StringContent(body);
        using var answer = await emulator.Http.PutAsync("/faults", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var sent = await emulator.SendToAsync("t");
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
    }

    private static async Task<JsonNode> AssertStatusAsync(HttpResponseMessage answer, int code, string status)
    {
        var error = (await JsonOf(answer))["error"]!;
        Assert.Equal(code, (int)answer.StatusCode);
        Assert.Equal(code, (int)error["code"]!);
        Assert.Equal(status, (string?)error["status"]);
        return error;
    }
}
