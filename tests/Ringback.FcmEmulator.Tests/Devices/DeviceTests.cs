using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Devices;

public sealed class DeviceTests
{
    [Theory]
    [InlineData("token")]
    [InlineData("fid")]
    public async Task A_device_lives_until_it_is_deleted(string name)
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        var device = await AddAsync(emulator, """{"projectId":"demo"}""");
        Assert.Equal("registered", (string?)device["state"]);
        var target = $$$"""{"message":{"{{{name}}}":"{{{(string)device[name]!}}}"}}""";
        using var alive = await emulator.SendAsync(target);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        using var deleted = await emulator.Http.DeleteAsync(
            $"/devices/{Uri.EscapeDataString((string)device["token"]!)}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var gone = await emulator.SendAsync(target);
        await AssertFcmErrorAsync(gone, 404, "UNREGISTERED");
    }

    [Fact]
    public async Task A_device_of_another_project_is_a_mismatch()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await AddAsync(emulator, """{"projectId":"other","token":"theirs"}""");
        using var answer = await emulator.SendToAsync("theirs");
        await AssertFcmErrorAsync(answer, 403, "SENDER_ID_MISMATCH");
    }

    [Theory]
    [InlineData(false, 200)]
    [InlineData(true, 404)]
    public async Task A_stranger_is_taken_unless_only_registered_ones_are(bool registeredOnly, int expected)
    {
        await using var emulator = await StartAsync(new() { RegisteredOnly = registeredOnly });
        await emulator.SignInAsync();
        using var stranger = await emulator.SendToAsync("stranger");
        Assert.Equal(expected, (int)stranger.StatusCode);
        await AddAsync(emulator, """{"projectId":"demo","token":"friend"}""");
        using var friend = await emulator.SendToAsync("friend");
        Assert.Equal(HttpStatusCode.OK, friend.StatusCode);
    }

    [Fact]
    public async Task Counters_and_targets_tell_what_became_of_the_sends()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        await AddAsync(emulator, """{"projectId":"demo","token":"a"}""");
        foreach (var token in new[] { "a", "a", "quota-1", "b" })
        {
            using var answer = await emulator.SendToAsync(token);
        }
        using var bad = await emulator.SendAsync("{}");
        var counters = await GetAsync(emulator, "/counters");
        Assert.Equal(
            ["demo INVALID_ARGUMENT 1", "demo OK 3", "demo QUOTA_EXCEEDED 1"],
            counters["sends"]!.AsArray().Select(row => $"{row!["projectId"]} {row["answer"]} {row["count"]}"));
        var targets = (await GetAsync(emulator, "/targets"))["targets"]!.AsArray();
        Assert.Equal(
            ["a registered 2 0 OK", "b unknown 1 0 OK", "quota-1 unknown 0 1 QUOTA_EXCEEDED"],
            targets.Select(row => $"{row!["target"]} {row["state"]} {row["accepted"]} {row["refused"]} {row["lastAnswer"]}").Order());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"projectId":"No Project"}""")]
    [InlineData("""{"projectId":"demo","token":""}""")]
    [InlineData("""{"projectId":"demo","tokn":"x"}""")]
    public async Task A_device_that_is_not_understood_is_refused(string body)
    {
        await using var emulator = await StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await emulator.Http.PostAsync("/devices", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task<JsonNode> AddAsync(TestEmulator emulator, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await emulator.Http.PostAsync("/devices", content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await JsonOf(answer);
    }

    private static async Task<JsonNode> GetAsync(TestEmulator emulator, string path)
    {
        using var answer = await emulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        return await JsonOf(answer);
    }

    private static async Task AssertFcmErrorAsync(HttpResponseMessage answer, int code, string errorCode)
    {
        Assert.Equal(code, (int)answer.StatusCode);
        Assert.Equal(errorCode, (string?)(await JsonOf(answer))["error"]!["details"]![0]!["errorCode"]);
    }
}
