using System.Text;

namespace Ringback.Server.Tests.Firebase;

/// <content>At rest, damaged, missing (rule A5); and what waits for credentials.</content>
public sealed partial class CredentialTests
{
    [Fact, Trait("Rule", "A5")]
    public async Task The_database_files_hold_nothing_of_e_mail_and_key()
    {
        await using var site = await StartAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
        var der = Convert.FromBase64String(string.Concat(FirebaseAccount.First.KeyLines));
        List<byte[]> secrets = [Encoding.UTF8.GetBytes(FirebaseAccount.First.Email), .. FirebaseAccount.First.KeyLines.Select(Encoding.UTF8.GetBytes)];
        for (var i = 64; i + 24 < der.Length; i += 24) secrets.Add(der[i..(i + 24)]);

        var files = site.StoredBytes();
        Assert.Contains("ringback.db-wal", files.Keys);
        Assert.All(files, file => Assert.All(secrets, secret => Assert.Equal(-1, file.Value.AsSpan().IndexOf(secret))));
        // The search can find: what is stored in the clear is there.
        Assert.Contains(files, file => file.Value.AsSpan().IndexOf("fcm-client-11959"u8) >= 0);

        await site.StopServerAsync();
        Assert.All(site.StoredBytes(), file => Assert.All(secrets, secret => Assert.Equal(-1, file.Value.AsSpan().IndexOf(secret))));
    }

    [Theory, Trait("Rule", "A5")]
    [InlineData("a bit is turned")]
    [InlineData("the row is cut")]
    [InlineData("the row is another tenant's")]
    public async Task A_tampered_row_gives_a_clear_error_and_the_server_runs_on(string how)
    {
        await using var site = await StartAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
        if (how == "the row is another tenant's")
        {
            await site.Phones.RegisterAsync(FirebaseAccount.Second);
            (await site.Other.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk();
            site.Tamper("update credentials set sealed = (select o.sealed from credentials o where o.tenant_id <> credentials.tenant_id) where tenant_id = @home", ("@home", site.Home.Keys.Tenant.Value));
        }
        else
        {
            var bytes = site.Query("select sealed from credentials", r => (byte[])r.GetValue(0))[0];
            if (how == "a bit is turned") bytes[^5] ^= 1;
            else bytes = bytes[..(bytes.Length / 2)];
            site.Tamper("update credentials set sealed = @bytes", ("@bytes", bytes));
        }
        await ExpectSealedAsync(site, restart: false);
        await ExpectSealedAsync(site, restart: true);

        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
        await site.WaitForPushAsync("waits-False", "CALLBACK_FINAL_ATTEMPT_FAILED");
        await site.WaitForPushAsync("waits-True", "CALLBACK_FINAL_ATTEMPT_FAILED");
    }

    [Theory, Trait("Rule", "A5")]
    [InlineData("another")]
    [InlineData("damaged")]
    [InlineData("lost")]
    public async Task A_wrong_or_lost_master_key_gives_a_clear_error_and_the_server_runs_on(string how)
    {
        await using var site = await StartAsync();
        var file = System.IO.Path.Combine(site.DataDirectory, "master.key");
        var right = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await site.StopServerAsync();
        if (how == "lost") File.Delete(file);
        else await File.WriteAllTextAsync(file, how == "damaged" ? "no key" : Convert.ToBase64String(new byte[32]), TestContext.Current.CancellationToken);
        await site.StartServerAsync();
        await ExpectSealedAsync(site, restart: false);
        if (how == "damaged")
        {
            var refused = (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).Expect(HttpStatusCode.ServiceUnavailable);
            Assert.Equal("credential.sealed", refused.Json["code"]!.GetValue<string>());
        }

        // With the right key again everything goes on.
        await site.StopServerAsync();
        await File.WriteAllTextAsync(file, right, TestContext.Current.CancellationToken);
        await site.StartServerAsync();
        await site.AdvanceUntilPushAsync("waits-False", "CALLBACK_FINAL_ATTEMPT_FAILED", TimeSpan.FromSeconds(40));
    }

    [Fact, Trait("Rule", "B10"), Trait("Rule", "F2")]
    public async Task Without_credentials_callbacks_are_taken_pushes_wait_and_go_at_once_when_there_are_some()
    {
        await using var site = await StartAsync(provision: false);
        await site.Home.FailForGoodAsync(Queue, "phone-1");
        await site.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Empty(await site.InboxAsync());
        Assert.Equal(("pending", 0), Assert.Single(site.Outbox()) is var row ? (row.State, row.Attempts) : default);
        var ready = (await site.Home.ReadyAsync()).ExpectOk().Json;
        var check = ready["checks"]!.AsArray().Single(c => c!["tenant"]?.GetValue<int>() == site.Home.Keys.Tenant.Value)!;
        Assert.Equal(("ready", "waiting", 1), (ready["status"]!.GetValue<string>(), check["status"]!.GetValue<string>(), check["pushesWaiting"]!.GetValue<int>()));
        Assert.Contains("No Firebase credentials are configured", check["detail"]!.GetValue<string>(), StringComparison.Ordinal);

        await site.Phones.RegisterAsync(FirebaseAccount.First);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.First)).ExpectOk();
        await site.WaitForPushAsync("phone-1", "CALLBACK_FINAL_ATTEMPT_FAILED"); // The clock stands still.
        await site.SettleAsync();
        Assert.DoesNotContain("No Firebase credentials", (await site.Home.ReadyAsync()).ExpectOk().Json["checks"]!.AsArray().Single(c => c!["tenant"]?.GetValue<int>() == site.Home.Keys.Tenant.Value)!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "B10")]
    public async Task An_account_that_Google_disables_makes_pushes_wait_until_there_is_another_key()
    {
        await using var site = await StartAsync();
        await site.ExpectSendAsync(Queue, "phone-1");
        await site.Phones.RevokeAsync(FirebaseAccount.First);
        await site.RestartEmulatorAsync();
        await site.Home.FailForGoodAsync(Queue, "phone-2");
        await site.SettleAsync();
        Assert.Contains("Google does not know the service account", (await site.Home.ReadyAsync()).ExpectOk().Body, StringComparison.Ordinal);
        await site.AdvanceAsync(TimeSpan.FromMinutes(2));
        await site.Phones.RegisterAsync(FirebaseAccount.Second);
        (await site.Home.ProvisionFirebaseAsync(FirebaseAccount.Second)).ExpectOk();
        await site.WaitForPushAsync("phone-2", "CALLBACK_FINAL_ATTEMPT_FAILED");
    }

    [Fact, Trait("Rule", "E3")]
    public async Task One_tenants_missing_credentials_do_not_delay_anothers_push()
    {
        await using var site = await StartAsync();
        await site.Other.CreateQueueAsync(Queue);
        for (var i = 0; i < 20; i++)
        {
            await site.Other.CreateCallbackAsync(Queue, [$"other-{i}"]);
            await site.Other.OutcomeAsync((await site.Other.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        }
        await site.ExpectSendAsync(Queue, "phone-1");
        Assert.DoesNotContain(await site.InboxAsync(), p => p.Token.StartsWith("other", StringComparison.Ordinal));
    }

    /// <summary>The credentials cannot be opened: a callback is taken, its push waits, and /readyz says why.</summary>
    private static async Task ExpectSealedAsync(TestSite site, bool restart)
    {
        if (restart) await site.RestartServerAsync();
        await site.AdvanceAsync(TimeSpan.FromSeconds(31)); // What was opened before is looked at again after 30 s.
        await site.Home.FailForGoodAsync(Queue, $"waits-{restart}");
        await site.SettleAsync();
        Assert.Empty(await site.InboxAsync($"waits-{restart}"));
        var ready = (await site.Home.ReadyAsync()).ExpectOk();
        var check = ready.Json["checks"]!.AsArray().Single(c => c!["tenant"]?.GetValue<int>() == site.Home.Keys.Tenant.Value)!;
        Assert.Equal("waiting", check["status"]!.GetValue<string>());
        Assert.Matches("credentials|master key", check["detail"]!.GetValue<string>());
        (await site.Home.SendAsync(HttpMethod.Get, "/healthz")).ExpectOk();
        Assert.Equal("mar…", (await site.Home.CredentialsAsync())["clientEmail"]!.GetValue<string>());
        var tested = (await site.Home.ManageAsync(HttpMethod.Post, "credentials/firebase/check")).Expect(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("credential.sealed", tested.Json["code"]!.GetValue<string>());
    }
}
