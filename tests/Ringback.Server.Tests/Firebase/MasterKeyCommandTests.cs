using System.Security.Cryptography;
using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Server.Tests.Firebase;

/// <summary>The master key is changed by command (rule A5); a kill at any instant loses nothing.</summary>
public sealed class MasterKeyCommandTests
{
    private const string Queue = "support";

    /// <summary>Format, fingerprint and the wrapped data key; behind it comes the payload.</summary>
    private const int WrapEnd = 1 + 8 + 12 + 16 + 32;

    public static MatrixTheoryData<string, SiteDatabase> Points => new(CrashPoints.OfMasterKey, Enum.GetValues<SiteDatabase>());

    [Theory, Trait("Rule", "A5")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task A_new_key_opens_everything_and_the_old_one_nothing(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        var user = await site.AddUserAsync(UserRole.Administrator, "Anna");
        using var visitor = new PageVisitor(site.ServerAddress);
        using var signedIn = await visitor.SignInAsync(user);
        await site.StopServerAsync();
        var key = Path.Combine(site.DataDirectory, "master.key");
        var (old, before) = (await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken), Sealed(site));
        var print = (await RunAsync(site, "master-key", "show")).Line;

        var rotated = await RunAsync(site, "master-key", "rotate");

        Assert.Equal(0, rotated.Exit);
        Assert.Matches("^The master key is [0-9a-f]{16}; 2 records were wrapped with it.\nThe old key is kept in master.key.old-[0-9a-f]{16}. Delete it", rotated.Line);
        Assert.NotEqual(old, await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken));
        Assert.Equal(old, await File.ReadAllTextAsync($"{key}.old-{print}", TestContext.Current.CancellationToken));
        Assert.False(File.Exists($"{key}.next"));
        foreach (var file in Directory.GetFiles(site.DataDirectory, "master.key*"))
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        // Only the wrapped data key is another one.
        foreach (var (was, now) in before.Zip(Sealed(site)))
            Assert.Equal((false, true), (was.AsSpan(0, WrapEnd).SequenceEqual(now.AsSpan(0, WrapEnd)), was.AsSpan(WrapEnd).SequenceEqual(now.AsSpan(WrapEnd))));

        await site.StartServerAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
        using var again = new HttpClient(new HttpClientHandler { CookieContainer = Cookies(visitor, site.ServerAddress), AllowAutoRedirect = false, UseProxy = false }, disposeHandler: true);
        using var page = await again.GetAsync(new Uri(site.ServerAddress, "/admin/callbacks"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode); // The cookie from before is still good.

        await site.StopServerAsync();
        await File.WriteAllTextAsync(key, old, TestContext.Current.CancellationToken);
        await site.StartServerAsync();
        Assert.Equal("credential.sealed", (await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).Expect(HttpStatusCode.ServiceUnavailable).Json["code"]!.GetValue<string>());
    }

    [Theory, MemberData(nameof(Points)), Trait("Rule", "A5")]
    public async Task Killed_at_any_instant_everything_opens_and_the_change_goes_on(string point, SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        await site.StopServerAsync();
        Assert.Equal(ProcessSiteChild.KilledExitCode, (await RunAsync(site, new Dictionary<string, string> { ["RINGBACK_CRASH_POINT"] = point }, "master-key", "rotate")).Exit);

        await site.StartServerAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
        // What is stored in between is sealed with the key in use.
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
        await site.StopServerAsync();

        Assert.Equal(0, (await RunAsync(site, "master-key", "rotate")).Exit);
        var print = (await RunAsync(site, "master-key", "show")).Line;
        Assert.All(Sealed(site), record => Assert.Equal(print, Convert.ToHexStringLower(record.AsSpan(1, 8))));
        await site.StartServerAsync();
        await site.ExpectSendAsync(Queue, "phone-2");
    }

    [Fact, Trait("Rule", "A5")]
    public async Task A_tampered_record_is_named_and_left_and_the_rest_goes_on()
    {
        await using var site = await StartAsync();
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await site.Other.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk();
        await site.StopServerAsync();
        site.Tamper("update credentials set sealed = substr(sealed, 1, 40) || x'00' || substr(sealed, 42) where tenant_id = @other", ("@other", site.Other.Keys.Tenant.Value));

        var rotated = await RunAsync(site, "master-key", "rotate");

        Assert.Equal(0, rotated.Exit);
        Assert.Equal($"ringback: not opened by any key here, left as it was: tenant {site.Other.Keys.Tenant.Value}, app default, version 1", rotated.Error);
        await site.StartServerAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
    }

    [Theory, Trait("Rule", "A5")]
    [InlineData(SiteDatabase.Sqlite)]
    [InlineData(SiteDatabase.PostgreSql)]
    public async Task What_another_key_sealed_is_wrapped_with_the_one_in_use(SiteDatabase on)
    {
        await using var site = await StartAsync(on);
        await site.StopServerAsync();
        var (key, other) = (Path.Combine(site.DataDirectory, "master.key"), Path.Combine(site.DataDirectory, "of-the-backup.key"));
        File.Move(key, other);
        await site.StartServerAsync(); // Makes another key.
        Assert.Equal("credential.sealed", (await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).Expect(HttpStatusCode.ServiceUnavailable).Json["code"]!.GetValue<string>());
        await site.StopServerAsync();
        var print = (await RunAsync(site, "master-key", "show")).Line;

        Assert.Equal($"The master key is {print}; 2 records were wrapped with it.", (await RunAsync(site, "credentials", "rewrap", "--from", other)).Line);
        File.Delete(other);
        await site.StartServerAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
    }

    [Fact, Trait("Rule", "A5"), Trait("Rule", "F1")]
    public async Task Nodes_of_a_cluster_start_with_the_new_key_and_one_with_the_old_key_is_refused()
    {
        // Nothing is sent here: in a cluster the clock is the database's, and the emulator's is the test's.
        await using var site = await TestSite.StartAsync(provision: false, settings: new Dictionary<string, string?> { ["Cluster:Enabled"] = "true" }, on: SiteDatabase.PostgreSql);
        await site.StopServerAsync();
        var key = Path.Combine(site.DataDirectory, "master.key");
        var (first, firstPrint) = (await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken), await PrintAsync());

        Assert.Equal(0, (await RunAsync(site, "master-key", "rotate")).Exit);
        var (second, secondPrint) = (await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken), await PrintAsync());
        await site.StartServerAsync();
        await site.StopServerAsync();
        await ExpectRefusedAsync(first, secondPrint, firstPrint);

        // Another key still, as after a restore: wrapping with it makes it that of the cluster.
        var other = Path.Combine(site.DataDirectory, "second.key");
        File.Move(key, other);
        await File.WriteAllTextAsync(key, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(other, second, TestContext.Current.CancellationToken);
        var thirdPrint = await PrintAsync();
        Assert.Equal(0, (await RunAsync(site, "credentials", "rewrap", "--from", other)).Exit);
        await site.StartServerAsync();
        await site.StopServerAsync();
        await ExpectRefusedAsync(second, thirdPrint, secondPrint);

        async Task<string> PrintAsync() => (await RunAsync(site, "master-key", "show")).Line;

        async Task ExpectRefusedAsync(string with, string kept, string held)
        {
            await File.WriteAllTextAsync(key, with, TestContext.Current.CancellationToken);
            var refusal = await Assert.ThrowsAnyAsync<Exception>(site.StartServerAsync);
            Assert.StartsWith($"the cluster seals with the master key {kept}, and {key} holds {held}. Put master.key of a node that works in its place", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(with.Trim(), refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact, Trait("Rule", "A5")]
    public async Task Without_a_master_key_there_is_nothing_to_change()
    {
        await using var site = await StartAsync();
        await site.StopServerAsync();
        File.Delete(Path.Combine(site.DataDirectory, "master.key"));
        var refused = await RunAsync(site, "master-key", "rotate");
        Assert.Equal(1, refused.Exit);
        Assert.Contains("The master key file master.key cannot be read", refused.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(site.DataDirectory, "master.key*"));
    }

    private static IReadOnlyList<byte[]> Sealed(TestSite site) => site.Query("select sealed from credentials order by tenant_id, version", r => (byte[])r.GetValue(0));

    private static System.Net.CookieContainer Cookies(PageVisitor visitor, Uri site)
    {
        var cookies = new System.Net.CookieContainer();
        foreach (System.Net.Cookie cookie in visitor.Cookies.GetCookies(visitor.Site)) cookies.Add(site, new System.Net.Cookie(cookie.Name, cookie.Value));
        return cookies;
    }

    private static Task<(int Exit, string Line, string Error)> RunAsync(TestSite site, params string[] arguments) => RunAsync(site, new Dictionary<string, string>(), arguments);

    private static async Task<(int Exit, string Line, string Error)> RunAsync(TestSite site, Dictionary<string, string> environment, params string[] arguments)
    {
        await using var command = ProcessSiteChild.StartBuilt("ringback.dll", [.. arguments, "--data", site.DataDirectory], site.CommandEnvironment.Concat(environment).ToDictionary());
        var exit = await command.EndedAsync("ringback " + string.Join(' ', arguments));
        return (exit, string.Join('\n', command.Output), string.Join('\n', command.Errors));
    }

    private static async Task<TestSite> StartAsync(SiteDatabase on = SiteDatabase.Sqlite)
    {
        var site = await TestSite.StartAsync(on: on);
        await site.Home.CreateQueueAsync(Queue);
        return site;
    }
}
