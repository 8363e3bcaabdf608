using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Send;

/// <summary>Every row of FCM's error table, once by the beginning of a token and once by a rule.</summary>
public sealed class ErrorTableTests
{
    private const string BadRequest = "type.googleapis.com/google.rpc.BadRequest";
    private const string ErrorInfo = "type.googleapis.com/google.rpc.ErrorInfo";
    private const string FcmError = "type.googleapis.com/google.firebase.fcm.v1.FcmError";
    private const string Help = "type.googleapis.com/google.rpc.Help";
    private const string QuotaFailure = "type.googleapis.com/google.rpc.QuotaFailure";

    /// <summary>Name of the error, prefix, HTTP status, google.rpc.Code, FcmError.errorCode, ErrorInfo.reason, types of the details.</summary>
    public static TheoryData<string, string, int, string, string?, string?, string[]> Rows => new()
    {
        { "INVALID_ARGUMENT", "invalid", 400, "INVALID_ARGUMENT", "INVALID_ARGUMENT", null, [FcmError, BadRequest] },
        { "SCHEMA", "schema", 400, "INVALID_ARGUMENT", null, null, [BadRequest] },
        { "UNAUTHENTICATED", "unauthenticated", 401, "UNAUTHENTICATED", null, null, [] },
        { "THIRD_PARTY_AUTH_ERROR", "thirdparty", 401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR", null, [FcmError] },
        { "SENDER_ID_MISMATCH", "mismatch", 403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH", null, [FcmError] },
        { "SERVICE_DISABLED", "disabled", 403, "PERMISSION_DENIED", null, "SERVICE_DISABLED", [Help, ErrorInfo] },
        { "IAM_PERMISSION_DENIED", "denied", 403, "PERMISSION_DENIED", null, "IAM_PERMISSION_DENIED", [ErrorInfo] },
        { "UNREGISTERED", "unregistered", 404, "NOT_FOUND", "UNREGISTERED", null, [FcmError] },
        { "PROJECT_NOT_FOUND", "noproject", 404, "NOT_FOUND", null, null, [] },
        { "QUOTA_EXCEEDED", "quota", 429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED", null, [FcmError, QuotaFailure] },
        { "INTERNAL", "internal", 500, "INTERNAL", "INTERNAL", null, [FcmError] },
        { "UNAVAILABLE", "unavailable", 503, "UNAVAILABLE", "UNAVAILABLE", null, [FcmError] },
    };

    public static TheoryData<string, string> RetryAfterRows => new()
    {
        { "QUOTA_EXCEEDED", "quota" },
        { "INTERNAL", "internal" },
        { "UNAVAILABLE", "unavailable" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_prefix_reaches_the_row(
        string name, string prefix, int http, string status, string? errorCode, string? reason, string[] details)
    {
        Assert.NotEmpty(name);
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var answer = await emulator.SendToAsync($"{prefix}-phone");
        await AssertRowAsync(answer, http, status, errorCode, reason, details);
        Assert.Empty(await emulator.InboxAsync());
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_rule_reaches_the_row(
        string name, string prefix, int http, string status, string? errorCode, string? reason, string[] details)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await emulator.AddRuleAsync($$"""{"effect":"error","error":"{{name}}","tokenPrefix":"phone-of-{{prefix}}"}""");
        using var answer = await emulator.SendToAsync($"phone-of-{prefix}-1");
        await AssertRowAsync(answer, http, status, errorCode, reason, details);
        Assert.Empty(await emulator.InboxAsync());
    }

    [Theory]
    [MemberData(nameof(RetryAfterRows))]
    public async Task Retry_after_comes_as_seconds_and_as_a_date(string name, string prefix)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var seconds = await emulator.SendToAsync($"{prefix}-after-7-phone");
        Assert.Equal("7", Assert.Single(seconds.Headers.GetValues("Retry-After")));
        using var date = await emulator.SendToAsync($"{prefix}-date-7-phone");
        Assert.Equal("Mon, 23 Nov 2026 10:15:37 GMT", Assert.Single(date.Headers.GetValues("Retry-After")));

        await emulator.AddRuleAsync($$"""{"effect":"error","error":"{{name}}","retryAfterSeconds":90,"retryAfterAs":"date","token":"a"}""");
        await emulator.AddRuleAsync($$"""{"effect":"error","error":"{{name}}","retryAfterSeconds":90,"token":"b"}""");
        using var ruleDate = await emulator.SendToAsync("a");
        Assert.Equal("Mon, 23 Nov 2026 10:17:00 GMT", Assert.Single(ruleDate.Headers.GetValues("Retry-After")));
        using var ruleSeconds = await emulator.SendToAsync("b");
        Assert.Equal("90", Assert.Single(ruleSeconds.Headers.GetValues("Retry-After")));
    }

    [Theory]
    [InlineData("html-phone", HttpStatusCode.BadGateway)]
    [InlineData("html404-phone", HttpStatusCode.NotFound)]
    public async Task What_is_not_json_looks_like_a_proxy(string token, HttpStatusCode status)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var answer = await emulator.SendToAsync(token);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("<!DOCTYPE html>", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_api_that_is_off_names_the_link_that_turns_it_on()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var answer = await emulator.SendToAsync("disabled-phone");
        var link = (await JsonOf(answer))["error"]!["details"]![0]!["links"]![0]!;
        Assert.EndsWith("/fcm.googleapis.com/overview?project=demo", (string?)link["url"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_has_its_messages_a_minute_and_new_ones_in_the_next()
    {
        await using var emulator = await StartAsync(new() { QuotaPerMinute = 3 });
        await emulator.SignInAsync();
        foreach (var expected in new[] { 200, 404, 200, 429, 429 })
        {
            using var answer = await emulator.SendToAsync(expected == 404 ? "unregistered-1" : "t");
            Assert.Equal(expected, (int)answer.StatusCode);
            // The clock of the tests stands at 10:15:30.
            Assert.Equal(expected == 429 ? "30" : null, answer.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
        }
        emulator.Clock.Advance(TimeSpan.FromSeconds(30));
        using var next = await emulator.SendToAsync("t");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);

        using var none = new StringContent("""{"perMinute":0}""", Encoding.UTF8, "application/json");
        using var set = await emulator.Http.PutAsync("/quota", none, TestContext.Current.CancellationToken);
        Assert.Equal(0, (int)(await JsonOf(set))["perMinute"]!);
        for (var count = 0; count < 10; count++)
        {
            using var answer = await emulator.SendToAsync("t");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task AssertRowAsync(
        HttpResponseMessage answer, int http, string status, string? errorCode, string? reason, string[] details)
    {
        var error = (await JsonOf(answer))["error"]!;
        Assert.Equal(http, (int)answer.StatusCode);
        Assert.Equal(http, (int)error["code"]!);
        Assert.Equal(status, (string?)error["status"]);
        Assert.NotEmpty((string)error["message"]!);
        var given = error["details"]?.AsArray() ?? [];
        Assert.Equal(details, given.Select(detail => (string)detail!["@type"]!));
        Assert.Equal(errorCode, Field(given, FcmError, "errorCode"));
        Assert.Equal(reason, Field(given, ErrorInfo, "reason"));
    }

    private static string? Field(JsonArray details, string type, string name)
        => (string?)details.FirstOrDefault(detail => (string?)detail!["@type"] == type)?[name];
}
