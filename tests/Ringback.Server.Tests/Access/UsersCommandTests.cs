namespace Ringback.Server.Tests.Access;

/// <summary>The command that makes a site's first administrator.</summary>
public sealed class UsersCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-users-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_user_is_added_once_with_a_password_that_is_printed_once()
    {
        var password = await RunAsync("add", "--name", "anna", "--role", "Administrator");
        Assert.Matches("^[a-z2-9]{5}(-[a-z2-9]{5}){3}$", password);
        Assert.Equal("anna\tAdministrator", await RunAsync("list"));
        var taken = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("add", "--name", "ANNA", "--role", "Monitor"));
        Assert.Contains("ringback: There is a user ANNA already.", taken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_taken_from_standard_input_and_never_shown()
    {
        const string password = "correct horse battery staple";
        Assert.Equal("bert was added.", await ProcessSite.RunWithInputAsync(password + "\nignored\n", "users", "add", "--data", folder.FullName, "--name", "bert", "--role", "Monitor", "--password-stdin"));
        foreach (var (input, why) in (IEnumerable<(string, string)>)[("short\n", "A password has"), ("", "A password has"), (new string('x', 10_000) + "\n", "A password has")])
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
                ProcessSite.RunWithInputAsync(input, "users", "add", "--data", folder.FullName, "--name", "carl", "--role", "Monitor", "--password-stdin"));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            Assert.True(input.Length == 0 || !refused.Message.Contains(input.Trim(), StringComparison.Ordinal));
        }
        Assert.Equal("bert\tMonitor", await RunAsync("list"));
    }

    [Theory]
    [InlineData("a/b", "A name has 1 to 64")]
    [InlineData(" ", "A name has 1 to 64")]
    [InlineData("<script>", "A name has 1 to 64")]
    public async Task A_name_that_cannot_be_one_is_refused_in_one_line(string name, string message)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync("add", "--name", name, "--role", "Monitor"));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
    }

    private Task<string> RunAsync(string command, params string[] arguments) => ProcessSite.RunAsync(["users", command, "--data", folder.FullName, .. arguments]);
}
