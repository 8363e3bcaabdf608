using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Ringback.FcmEmulator.Tests.Hosting;

public sealed partial class ProcessTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task A_port_in_use_is_one_clear_line()
    {
        using var occupied = new TcpListener(IPAddress.Loopback, 0);
        occupied.Start();
        var port = ((IPEndPoint)occupied.LocalEndpoint).Port;
        await AssertRefusedAsync($"fcm-emulator: cannot listen on 127.0.0.1:{port}: ", "--port", $"{port}");
    }

    [Fact]
    public async Task An_unusable_folder_is_one_clear_line()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await AssertRefusedAsync($"fcm-emulator: cannot use the data folder {file}: ", "--port", "0", "--data", file);
    }

    [Fact]
    public async Task An_unreadable_account_file_is_one_clear_line_that_does_not_quote_it()
    {
        var file = Path.Combine(_folder.Path, "account.json");
        await File.WriteAllTextAsync(file, "secret", TestContext.Current.CancellationToken);
        await AssertRefusedAsync($"fcm-emulator: cannot read the account file {file}: it is not JSON", "--port", "0", "--account", file);
        await AssertRefusedAsync($"fcm-emulator: cannot read the account file {file}.none: ", "--port", "0", "--account", file + ".none");
    }

    [Fact]
    public async Task The_end_of_standard_input_ends_the_emulator()
    {
        using var emulator = Start("--port", "0", "--end-with-stdin");
        Assert.NotNull(await ReadyAddressAsync(emulator));
        emulator.StandardInput.Close();
        await emulator.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, emulator.ExitCode);
    }

    [Fact]
    public async Task A_killed_emulator_comes_back_with_every_message_it_answered()
    {
        using var first = Start("--port", "0", "--any-account", "--data", _folder.Path);
        using var http = new HttpClient { BaseAddress = await ReadyAddressAsync(first) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await BearerAsync(http));
        var answered = 0;
        // Kill it in the middle of its work, with sends under way.
        var sending = Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (index, _) =>
        {
            try
            {
                using var body = new StringContent($$$"""{"message":{"token":"t{{{index}}}"}}""");
                using var answer = await http.PostAsync("/v1/projects/demo/messages:send", body, TestContext.Current.CancellationToken);
                if (answer.IsSuccessStatusCode && Interlocked.Increment(ref answered) == 200)
                {
                    first.Kill();
                }
            }
            catch (HttpRequestException)
            {
            }
        });
        await sending;
        await first.WaitForExitAsync(TestContext.Current.CancellationToken);

        using var second = Start("--port", "0", "--data", _folder.Path, "--end-with-stdin");
        using var after = new HttpClient { BaseAddress = await ReadyAddressAsync(second) };
        var inbox = System.Text.Json.Nodes.JsonNode.Parse(await after.GetStringAsync("/inbox", TestContext.Current.CancellationToken))!;
        Assert.InRange(answered, 200, 1999);
        Assert.InRange(inbox["messages"]!.AsArray().Count, answered, 2000);
        second.StandardInput.Close();
        await second.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> BearerAsync(HttpClient http)
    {
        var account = TestAccount.Create("firebase-adminsdk-abcde@demo.iam.gserviceaccount.com");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = account.Sign(TimeProvider.System.GetUtcNow()),
        });
        using var answer = await http.PostAsync("/token", form, TestContext.Current.CancellationToken);
        return (string)(await TestEmulator.JsonOf(answer))["access_token"]!;
    }

    private static async Task AssertRefusedAsync(string beginning, params string[] arguments)
    {
        using var emulator = Start(arguments);
        var output = emulator.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await emulator.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await emulator.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, emulator.ExitCode);
        Assert.Empty(await output);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith(beginning, line, StringComparison.Ordinal);
    }

    private static async Task<Uri> ReadyAddressAsync(Process emulator)
    {
        var line = await emulator.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new Uri(Address().Match(line ?? "").Value);
    }

    private static Process Start(params string[] arguments)
        => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "fcm-emulator"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
