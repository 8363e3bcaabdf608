using System.Text.RegularExpressions;

namespace Ringback.Server.Tests.Firebase;

/// <summary><c>ringback credentials</c> works on the database itself, by the rules of the API (rules A4, A6, A8).</summary>
public sealed partial class CredentialsCommandTests : IAsyncLifetime
{
    private static readonly FirebaseAccount account = FirebaseAccount.First;
    private TestSite site = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync(provision: false);
        await site.StopServerAsync();
        // The commands go by the real clock.
        await site.Phones.SetClockAheadAsync(TimeProvider.System.GetUtcNow() - site.Now);
        await site.Phones.RegisterAsync(account);
    }

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact, Trait("Rule", "A8")]
    public async Task Set_check_show_and_history_from_file_and_standard_input()
    {
        var file = Path.Combine(site.DataDirectory, "service-account.json");
        await File.WriteAllTextAsync(file, account.File().ToJsonString(), TestContext.Current.CancellationToken);
        var set = await RunAsync(null, "set", "--file", file);
        Assert.Equal(0, set.Exit);
        Assert.Matches($"^in force\tfcm-client-11959\tversion 1\t{account.Fingerprint}\tmar…\tVerified\t[^\t]+\tcommand line \\(.+\\)\n\tPassed\tFirebase takes the credentials.$", set.Output);

        Assert.Equal((0, "passed", ""), await RunAsync(null, "check"));
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        var second = await RunAsync(FirebaseAccount.Second.Pem, "set", "--stdin", "--project", FirebaseAccount.Second.Project, "--client-email", FirebaseAccount.Second.Email);
        Assert.Equal(0, second.Exit);
        var shown = (await RunAsync(null, "show")).Output.Split('\n');
        Assert.StartsWith($"in force\tfcm-client-11959\tversion 2\t{FirebaseAccount.Second.Fingerprint}", shown[0], StringComparison.Ordinal);
        Assert.StartsWith($"previous\tfcm-client-11959\tversion 1\t{account.Fingerprint}", shown[2], StringComparison.Ordinal);
        Assert.Equal(["Stored\t2", "Stored\t1"], (await RunAsync(null, "history")).Output.Split('\n').Select(line => ActionOf().Match(line).Groups[1].Value));

        await site.StartServerAsync();
        Assert.Equal(2, (await site.Home.CredentialsAsync())["version"]!.GetValue<int>());
    }

    [Fact, Trait("Rule", "A6"), Trait("Rule", "A8")]
    public async Task What_Firebase_refuses_is_refused_here_too_and_the_check_says_what_it_is()
    {
        Assert.Equal(0, (await RunAsync(account.File().ToJsonString(), "set", "--stdin")).Exit);
        var refused = await RunAsync(FirebaseAccount.Second.File().ToJsonString(), "set", "--stdin");
        Assert.Equal(1, refused.Exit);
        Assert.StartsWith("ringback: Google does not know the service account", refused.Error, StringComparison.Ordinal);
        var other = await RunAsync(FirebaseAccount.Elsewhere.File().ToJsonString(), "set", "--stdin");
        Assert.Contains("SENDER_ID_MISMATCH", other.Error, StringComparison.Ordinal);
        await site.Phones.RevokeAsync(account);
        var check = await RunAsync(null, "check");
        Assert.Equal(1, check.Exit);
        Assert.StartsWith("refused\tcredential.account\tGoogle does not know the service account", check.Output, StringComparison.Ordinal);
    }

    [Theory, Trait("Rule", "A4")]
    [InlineData("Give either --file or --stdin.", "set")]
    [InlineData("Give either --file or --stdin.", "set", "--stdin", "--file", "x")]
    [InlineData("privateKey begins like the service-account JSON file but is no valid JSON", "set", "--stdin")]
    [InlineData("There is no tenant nobody.", "show", "--tenant", "nobody")]
    [InlineData("The name of a Firebase app must have", "show", "--app", "No App")]
    [InlineData("check cannot be the name of a Firebase app", "show", "--app", "check")]
    [InlineData("No Firebase credentials are configured.", "show")]
    [InlineData("Store Firebase credentials first.", "check")]
    [InlineData("No credentials wait beside those in force.", "check", "--next")]
    public async Task What_cannot_be_done_is_said_in_one_line(string says, params string[] arguments)
    {
        var cut = account.File().ToJsonString()[..900];
        var refused = await RunAsync(arguments.Contains("--stdin") ? cut : null, arguments);
        Assert.Equal(1, refused.Exit);
        Assert.StartsWith($"ringback: {says}", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", refused.Error, StringComparison.Ordinal);
        Assert.Equal("", refused.Output);
    }

    [Fact, Trait("Rule", "A4")]
    public async Task No_command_says_anything_of_the_key()
    {
        List<(int, string Output, string Error)> said =
        [
            await RunAsync(account.File().ToJsonString(), "set", "--stdin"), await RunAsync(FirebaseAccount.Second.File().ToJsonString(), "set", "--stdin", "--force"),
            await RunAsync(account.Pem, "set", "--stdin", "--project", account.Email, "--client-email", account.Project), await RunAsync(null, "show"),
            await RunAsync(null, "history"), await RunAsync(null, "check"), await RunAsync(new string('A', 70_000), "set", "--stdin"),
        ];
        Assert.All(said, s => Assert.All(
            (string[])[account.Email, FirebaseAccount.Second.Email, .. account.KeyLines, .. FirebaseAccount.Second.KeyLines],
            secret => Assert.DoesNotContain(secret, s.Output + s.Error, StringComparison.Ordinal)));
        Assert.Contains("larger than 64 KiB", said[^1].Error, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(string? input, params string[] arguments)
    {
        string[] tenant = arguments.Contains("--tenant") ? [] : ["--tenant", "home"];
        await using var command = ProcessSiteChild.StartBuilt("ringback.dll", ["credentials", .. arguments, .. tenant, "--data", site.DataDirectory], site.CommandEnvironment);
        if (input is not null) await command.SayAsync(input);
        var exit = await command.EndedAsync("ringback credentials " + string.Join(' ', arguments));
        return (exit, string.Join('\n', command.Output), string.Join('\n', command.Errors));
    }

    [GeneratedRegex("^[^\t]+\t([A-Za-z]+\t[0-9]+)\t")]
    private static partial Regex ActionOf();
}
