using System.Net;
using System.Net.Http.Json;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Clock;

public sealed class ClockTests
{
    [Fact]
    public async Task An_hour_passes_in_a_moment_and_ends_bearer_tokens()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var moved = await emulator.Http.PostAsJsonAsync("/clock/advance", new { seconds = 3599 }, TestContext.Current.CancellationToken);
        var clock = await JsonOf(moved);
        Assert.Equal("2026-11-23T11:15:29Z", (string?)clock["now"]);
        Assert.Equal(3599, (int)clock["offsetSeconds"]!);
        using var late = await emulator.SendToAsync("t");
        Assert.Equal(HttpStatusCode.Unauthorized, late.StatusCode);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 11, 15, 29, TimeSpan.Zero), late.Headers.Date);

        using var back = await emulator.Http.DeleteAsync("/clock", TestContext.Current.CancellationToken);
        using var inTime = await emulator.SendToAsync("t");
        Assert.Equal(HttpStatusCode.OK, inTime.StatusCode);
    }

    [Fact]
    public async Task A_sender_whose_clock_is_wrong_learns_it_from_the_date()
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        using var moved = await emulator.Http.PutAsJsonAsync("/clock", new { offsetSeconds = -7200 }, TestContext.Current.CancellationToken);
        using var refused = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var corrected = await emulator.ExchangeAsync(account.Sign(refused.Headers.Date!.Value));
        Assert.Equal(HttpStatusCode.OK, corrected.StatusCode);
    }

    [Fact]
    public async Task A_hidden_offset_leaves_the_date_of_answers_as_it_was()
    {
        await using var emulator = await StartAsync();
        var account = await emulator.MintAsync();
        using var moved = await emulator.Http.PutAsJsonAsync("/clock", new { offsetSeconds = -7200, hidden = true }, TestContext.Current.CancellationToken);
        using var refused = await emulator.ExchangeAsync(account.Sign(emulator.Clock.GetUtcNow()));
        Assert.Equal((HttpStatusCode.BadRequest, emulator.Clock.GetUtcNow()), (refused.StatusCode, refused.Headers.Date));
    }

    [Theory]
    [InlineData("PUT", "/clock", """{"offsetSeconds":1,"hidden":1}""")]
    [InlineData("PUT", "/clock", "{}")]
    [InlineData("PUT", "/clock", """{"offsetSeconds":"1"}""")]
    [InlineData("PUT", "/clock", """{"offsetSeconds":1e10}""")]
    [InlineData("POST", "/clock/advance", """{"offsetSeconds":1}""")]
    [InlineData("POST", "/clock/advance", """{"seconds":1,"x":2}""")]
    public async Task A_move_that_is_not_understood_moves_nothing(string method, string path, string body)
    {
        await using var emulator = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body) };
        using var answer = await emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var clock = await emulator.Http.GetAsync("/clock", TestContext.Current.CancellationToken);
        Assert.Equal(0, (int)(await JsonOf(clock))["offsetSeconds"]!);
    }
}
