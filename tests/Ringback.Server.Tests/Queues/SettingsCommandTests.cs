namespace Ringback.Server.Tests.Queues;

/// <summary><c>ringback settings import|export</c> (rule C2).</summary>
public sealed class SettingsCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-settings-");

    private string Data => Path.Combine(folder.FullName, "data");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_file_goes_in_and_comes_out_and_a_wrong_one_changes_nothing()
    {
        await ProcessSite.RunAsync("api-keys", "create", "--data", Data, "--name", "x", "--right", "agent");
        var (good, wrong, dump) = (await FileAsync("good.csv", "queue,maxAttempts\nsupport,5\nsales,2"), await FileAsync("wrong.csv", "queue,maxAttempts,color\nsupport,1,red\nsales,0,blue"), Path.Combine(folder.FullName, "dump.json"));
        Assert.Equal("support: added\nsales: added\nNothing was written: dry run.", await ProcessSite.RunAsync("settings", "import", good, "--data", Data, "--dry-run"));
        Assert.Equal("support: added\nsales: added\n2 of 2 queues were written.", await ProcessSite.RunAsync("settings", "import", good, "--data", Data));

        Assert.Equal(
            ["ringback: Line 1: color is no column. An export names all of them.", "ringback: Line 3: maxAttempts must be a whole number from 1 to 20.", "ringback: Nothing was imported."],
            await RefusedAsync("settings", "import", wrong, "--data", Data));
        await ProcessSite.RunAsync("settings", "export", dump, "--data", Data);
        var queues = JsonNode.Parse(await File.ReadAllTextAsync(dump, TestContext.Current.CancellationToken))!["queues"]!.AsArray();
        Assert.Equal(["sales 2", "support 5"], queues.Select(q => $"{q!["queue"]} {q["maxAttempts"]}"));

        Assert.Equal("sales: unchanged\nsupport: unchanged\n0 of 2 queues were written.", await ProcessSite.RunAsync("settings", "import", dump, "--data", Data));
        var changed = await FileAsync("changed.csv", "queue,maxAttempts,callerId\nsales,3,x");
        Assert.Equal("sales: maxAttempts 2 → 3, callerId none → \"x\"", (await ProcessSite.RunAsync("settings", "import", changed, "--data", Data)).Split('\n')[0]);
        Assert.StartsWith("queue,type,", (await ProcessSite.RunAsync("settings", "export", "-", "--format", "csv", "--data", Data)).TrimStart('\uFEFF'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_one_line()
    {
        await ProcessSite.RunAsync("migrate", "--data", Data);
        var file = await FileAsync("a.csv", "queue\na");
        Assert.StartsWith("ringback: There is no tenant acme. ", Assert.Single(await RefusedAsync("settings", "import", file, "--data", Data, "--tenant", "acme")), StringComparison.Ordinal);
        Assert.Equal(["ringback: The name of the file says neither .csv nor .json. Name the form with --format."], await RefusedAsync("settings", "export", "x.txt", "--data", Data));
        Assert.Contains("missing.csv", Assert.Single(await RefusedAsync("settings", "import", Path.Combine(folder.FullName, "missing.csv"), "--data", Data)), StringComparison.Ordinal);
    }

    private async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(folder.FullName, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }

    private static async Task<IReadOnlyList<string>> RefusedAsync(params string[] arguments)
    {
        await using var command = ProcessSiteChild.StartBuilt("ringback.dll", arguments, new Dictionary<string, string>());
        Assert.Equal(1, await command.EndedAsync($"ringback {arguments[0]}"));
        return [.. command.Errors.Where(line => line.Length > 0)];
    }
}
