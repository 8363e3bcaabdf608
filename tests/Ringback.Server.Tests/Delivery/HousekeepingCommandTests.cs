namespace Ringback.Server.Tests.Delivery;

/// <summary>What the calls do, by command while the server is stopped (rules B9, F3).</summary>
public sealed class HousekeepingCommandTests
{
    private const string Queue = "support";

    [Fact, Trait("Rule", "F3")]
    public async Task A_customer_and_a_push_target_are_erased_by_command()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        var (phone, other) = (TenantClient.NewPhone(), TenantClient.NewPhone());
        var erased = await FinalAsync(site, "phone-1", phone);
        var kept = await FinalAsync(site, "phone-2", other);
        await site.SettleAsync();
        await site.StopServerAsync();
        Assert.Equal("Erased from 1 callbacks and 0 call-in requests.", await RunAsync(site, "personal-data", "erase", "--tenant", "home", "--phone-number", phone));
        Assert.Equal(
            "Erased from 1 callbacks and 0 call-in requests.",
            await ProcessSite.RunWithInputAsync("phone-2\n", "personal-data", "erase", "--data", site.DataDirectory, "--tenant", "home", "--target-stdin"));
        foreach (var (arguments, why) in ((string[], string)[])
            [([], "Give --phone-number"), (["--phone-number", "+14155550123", "--target-stdin"], "Give --phone-number"), (["--tenant", "home", "--phone-number", "12"], "E.164"), (["--tenant", "nobody", "--phone-number", phone], "no tenant nobody")])
        {
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(site, ["personal-data", "erase", .. arguments]));
            Assert.Contains(why, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        }

        await site.StartServerAsync();
        Assert.Equal(("", other), ((await site.Home.RetrieveAsync(erased)).PhoneNumber, (await site.Home.RetrieveAsync(kept)).PhoneNumber));
        Assert.Equal(["", ""], site.Query("select address from push_targets", r => r.GetString(0)));
        Assert.Equal(["command line", "command line"], (await site.Home.ManageAsync(HttpMethod.Get, "audit")).ExpectOk().Json["entries"]!.AsArray().Select(e => e!["by"]!.GetValue<string>()));
    }

    [Fact, Trait("Rule", "B9")]
    public async Task Dead_push_targets_are_revived_by_command()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        await FinalAsync(site, "unregistered-1", TenantClient.NewPhone());
        await site.SettleAsync();
        Assert.Equal(1, State());
        await site.StopServerAsync();
        string[] span = ["--from", "2026-11-23T10:00:00Z", "--to", "2026-11-23T12:00:00+01:00"];
        Assert.Equal("0 push targets are used again.", await RunAsync(site, ["push-targets", "revive", "--tenant", "other", .. span]));
        Assert.Equal("0 push targets are used again.", await RunAsync(site, ["push-targets", "revive", "--tenant", "home", "--project", "another-project", .. span]));
        Assert.Equal(1, State());
        Assert.Equal("1 push targets are used again.", await RunAsync(site, ["push-targets", "revive", "--tenant", "home", .. span]));
        Assert.Equal(0, State());
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(site, "push-targets", "revive", "--tenant", "home", "--from", "2026-11-23T10:00:00"));
        Assert.Contains("--from takes an instant", refused.Message, StringComparison.Ordinal);

        int State() => site.Query("select state from push_targets", r => r.GetInt32(0))[0];
    }

    [Fact, Trait("Rule", "B10")]
    public async Task Pushes_are_paused_and_resumed_by_command()
    {
        await using var site = await TestSite.StartAsync();
        await site.Home.CreateQueueAsync(Queue);
        await site.StopServerAsync();
        Assert.Equal($"Paused: {Queue}.", await RunAsync(site, "pushes", "pause", "--tenant", "home", "--queue", Queue));
        Assert.Equal($"Paused: all queues, {Queue}.", await RunAsync(site, "pushes", "pause", "--tenant", "home"));
        Assert.Equal($"Paused: {Queue}.", await RunAsync(site, "pushes", "resume", "--tenant", "home"));
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(site, "pushes", "pause", "--tenant", "home", "--queue", "nowhere"));
        Assert.Contains("nowhere", refused.Message, StringComparison.Ordinal);

        await site.StartServerAsync();
        await FinalAsync(site, "phone-1", TenantClient.NewPhone());
        await site.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(await site.InboxAsync());
        await site.StopServerAsync();
        Assert.Equal("No queue is paused.", await RunAsync(site, "pushes", "resume", "--tenant", "home", "--queue", Queue));
        await site.StartServerAsync();
        await site.WaitForPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED");
        Assert.Equal(4, (await site.Home.ManageAsync(HttpMethod.Get, "audit")).ExpectOk().Json["entries"]!.AsArray().Count(e => e!["by"]!.GetValue<string>() == "command line"));
    }

    private static Task<string> RunAsync(TestSite site, params string[] arguments) => ProcessSite.RunAsync([.. arguments[..2], "--data", site.DataDirectory, .. arguments[2..]]);

    private static async Task<Guid> FinalAsync(TestSite site, string token, string phone)
    {
        var id = await site.Home.CreateCallbackAsync(Queue, [token], phone);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        return id;
    }
}
