using System.Net;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Page;

public sealed class PageTests
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/page.js", "text/javascript")]
    [InlineData("/panel.js", "text/javascript")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/icon.svg", "image/svg+xml")]
    public async Task The_page_comes_whole_and_under_a_strict_policy(string path, string type)
    {
        await using var emulator = await StartAsync();
        using var answer = await emulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.NotEmpty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_asks_nobody_else_and_has_no_script_of_its_own()
    {
        await using var emulator = await StartAsync();
        var page = await emulator.Http.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("//", page.Replace("<!--", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" on", string.Concat(page.Split('<').Select(tag => tag.Split('>')[0])), StringComparison.Ordinal);
        Assert.Contains("<script src=\"/page.js\" defer></script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Info_counts_accounts_and_messages()
    {
        await using var emulator = await StartAsync();
        await emulator.SignInAsync();
        using var sent = await emulator.SendToAsync("t");
        using var answer = await emulator.Http.GetAsync("/info", TestContext.Current.CancellationToken);
        var info = await JsonOf(answer);
        Assert.NotEmpty((string)info["version"]!);
        Assert.Equal(1, (int)info["accounts"]!);
        Assert.Equal(1, (int)info["messages"]!);
    }

    [Fact]
    public async Task Health_is_ok_and_anything_unknown_is_not_found()
    {
        await using var emulator = await StartAsync();
        Assert.Equal("""{"status":"ok"}""", await emulator.Http.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
        using var nothing = await emulator.Http.GetAsync("/nothing", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        Assert.NotEmpty((string)(await JsonOf(nothing))["error"]!);
    }
}
