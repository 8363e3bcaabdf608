using System.Net;
using Ringback.FcmEmulator.Hosting;
using static Ringback.FcmEmulator.Tests.TestEmulator;

namespace Ringback.FcmEmulator.Tests.Hosting;

public sealed class RestartTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private EmulatorOptions Options => new() { DataDirectory = _folder.Path };

    [Fact]
    public async Task Inbox_and_accounts_survive_a_restart_and_bearer_tokens_do_not()
    {
        TestAccount kept;
        TestAccount revoked;
        string bearer;
        const string message = "{\"token\":\"t\",\n  \"data\":{\"x\":\"a\\u00e9b\"} }";
        await using (var first = await StartAsync(Options))
        {
            kept = await first.MintAsync();
            revoked = await first.MintAsync();
            bearer = await first.BearerAsync(kept);
            first.Http.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
            using var sent = await first.SendAsync($$"""{"message":{{message}}}""");
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
            using var gone = await first.Http.DeleteAsync($"/accounts/{revoked.ClientEmail}", TestContext.Current.CancellationToken);
        }

        await using var second = await StartAsync(Options);
        Assert.Contains(message, await second.Http.GetStringAsync("/inbox?token=t", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        second.Http.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
        using var old = await second.SendToAsync("t");
        Assert.Equal(HttpStatusCode.Unauthorized, old.StatusCode);
        Assert.NotEmpty(await second.BearerAsync(kept));
        using var refused = await second.ExchangeAsync(revoked.Sign(second.Clock.GetUtcNow()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task The_file_holds_no_private_key_and_belongs_to_its_owner_only()
    {
        TestAccount account;
        await using (var emulator = await StartAsync(Options))
        {
            account = await emulator.MintAsync();
        }
        var content = await File.ReadAllTextAsync(_folder.Journal, TestContext.Current.CancellationToken);
        Assert.Contains(account.ClientEmail, content, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", content, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Journal));
        }
    }

    [Theory]
    [InlineData("""{"kind":"message","sequence":3,"rec""")]
    [InlineData("{\"kind\":\"mess\n")]
    [InlineData("\0\0\0\0\n")]
    public async Task A_torn_last_line_is_cut_off(string torn)
    {
        await SendTwiceAsync();
        var whole = await File.ReadAllTextAsync(_folder.Journal, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_folder.Journal, whole + torn, TestContext.Current.CancellationToken);
        await SendTwiceAsync();
        await using var emulator = await StartAsync(Options);
        Assert.Equal([1, 2, 3, 4], (await emulator.InboxAsync()).Select(message => (int)message!["sequence"]!));
    }

    [Fact]
    public async Task A_broken_line_before_the_last_stops_the_start()
    {
        await SendTwiceAsync();
        var lines = await File.ReadAllLinesAsync(_folder.Journal, TestContext.Current.CancellationToken);
        lines[1] = lines[1][..10];
        await File.WriteAllLinesAsync(_folder.Journal, lines, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<EmulatorStartException>(() => StartAsync(Options));
        Assert.Contains("line 2 of", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sequence_numbers_go_on_after_an_emptied_inbox_and_a_restart()
    {
        await SendTwiceAsync();
        await using (var emulator = await StartAsync(Options))
        {
            using var cleared = await emulator.Http.DeleteAsync("/inbox", TestContext.Current.CancellationToken);
        }
        await SendTwiceAsync();
        await using var last = await StartAsync(Options);
        Assert.Equal([3, 4], (await last.InboxAsync()).Select(message => (int)message!["sequence"]!));
    }

    [Fact]
    public async Task A_file_of_mostly_emptied_messages_is_rewritten()
    {
        await using (var emulator = await StartAsync(Options))
        {
            await emulator.SignInAsync();
            for (var index = 0; index < 1100; index++)
            {
                using var sent = await emulator.SendToAsync("t");
            }
            using var cleared = await emulator.Http.DeleteAsync("/inbox", TestContext.Current.CancellationToken);
        }
        await using (var emulator = await StartAsync(Options))
        {
            await emulator.SignInAsync();
            using var sent = await emulator.SendToAsync("t");
        }
        Assert.InRange((await File.ReadAllLinesAsync(_folder.Journal, TestContext.Current.CancellationToken)).Length, 3, 10);
        await using var last = await StartAsync(Options);
        Assert.Equal(1101, (int)Assert.Single(await last.InboxAsync())!["sequence"]!);
    }

    [Fact]
    public async Task Two_emulators_do_not_share_a_folder()
    {
        await using var first = await StartAsync(Options);
        await Assert.ThrowsAsync<EmulatorStartException>(() => StartAsync(Options));
    }

    public void Dispose() => _folder.Dispose();

    private async Task SendTwiceAsync()
    {
        await using var emulator = await StartAsync(Options);
        await emulator.SignInAsync();
        for (var index = 0; index < 2; index++)
        {
            using var answer = await emulator.SendToAsync("t");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
