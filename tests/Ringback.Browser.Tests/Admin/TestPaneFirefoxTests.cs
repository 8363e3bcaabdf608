using System.Text.Json.Nodes;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Admin;

/// <summary>
/// Test Firebase Credentials with real web pushes (rule A7): the steps that need a push service, and the whole. Each failing run shows its own remedy; the others
/// are in <see cref="TestPaneTests"/>.
/// </summary>
public sealed class TestPaneFirefoxTests(TestPaneInFirefox pane) : IClassFixture<TestPaneInFirefox>, IAsyncLifetime
{
    private const string AllPassed =
        "fields=passed serverCheck=passed support=passed permission=passed worker=passed installation=passed subscription=passed registration=passed send=passed arrival=passed";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await pane.Site.Phones.BringBackAsync();

    [Fact, Trait("Rule", "A7")]
    public async Task The_push_arrives_in_the_visible_tab_and_the_credentials_are_successfully_configured()
    {
        var before = pane.Page.Complaints.Count;
        var (verdict, steps, text) = await pane.RunAsync();
        Assert.Equal((AllPassed, "Successfully configured"), (steps, verdict));
        Assert.Contains("The push arrived in this tab.", text, StringComparison.Ordinal);

        var push = (await pane.Site.Phones.InboxAsync())[^1];
        Assert.Equal(("RINGBACK_TEST", FirebaseAccount.First.Project), (push.Event, push.Project));
        await pane.UntilAsync("document.querySelector('[data-test=last-test]').textContent.includes('Successfully configured')");
        var last = (await pane.Site.Home.SendAsync(HttpMethod.Get, "/management/v1/credentials/firebase", key: pane.Site.Home.Keys.Management)).Json["lastTest"]!;
        Assert.Equal(("browser", "passed", "Dana"), ((string?)last["kind"], (string?)last["result"], (string?)last["by"]));

        await pane.AssertCleanAsync();
        Assert.False((bool)(await pane.Page.EvaluateAsync("navigator.serviceWorker.getRegistration('/push-test/').then((r) => Boolean(r))", Cancellation))!);
        Assert.Equal([], pane.Page.Complaints.Skip(before));
        Assert.Equal("[]", (await pane.Page.EvaluateAsync("breaches", Cancellation))!.ToJsonString());
    }

    [Fact, Trait("Rule", "A7")]
    public async Task In_a_hidden_tab_the_service_worker_shows_a_notification()
    {
        await pane.OpenAsync();
        await pane.FillAsync(await pane.WebAppAsync());
        var cover = await pane.Page.CoverAsync(Cancellation);
        await pane.UntilAsync("document.visibilityState === 'hidden'");
        await pane.StartAsync();
        var (verdict, steps, text) = await pane.EndAsync();
        var shown = await pane.Page.EvaluateAsync(
            "navigator.serviceWorker.getRegistration('/push-test/').then((r) => r.getNotifications()).then((n) => n.map(({ title, body }) => title + ': ' + body))", Cancellation);
        await pane.Page.CloseTabAsync(cover, Cancellation);
        Assert.Equal((AllPassed, "Successfully configured"), (steps, verdict));
        Assert.Contains("while this tab was hidden, and the service worker showed a notification", text, StringComparison.Ordinal);
        Assert.Equal("""["Ringback test: Push notifications reach this device."]""", shown!.ToJsonString());
        await pane.AssertCleanAsync();
    }

    [Fact, Trait("Rule", "A7")]
    public async Task An_old_subscription_made_with_another_key_is_ended_first_and_a_key_of_the_projects_own_works()
    {
        await pane.OpenAsync();
        var config = await pane.WebAppAsync();
        using var http = new HttpClient { BaseAddress = pane.Site.EmulatorAddress };
        config["vapidKey"] = (string)JsonNode.Parse(await http.GetStringAsync($"/webpush-keys/{FirebaseAccount.First.Project}", Cancellation))!["publicKey"]!;
        // The base point of P-256: a key that is good, and nobody's.
        await pane.Page.EvaluateAsync("""
            (async () => {
              const worker = await navigator.serviceWorker.register('/push-test/worker.js', { scope: '/push-test/' });
              while (worker.active?.state !== 'activated') await new Promise((again) => setTimeout(again, 20));
              await worker.pushManager.subscribe({ userVisibleOnly: true,
                applicationServerKey: 'BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU' });
            })()
            """, Cancellation);
        await pane.FillAsync(config);
        await pane.StartAsync();
        Assert.Equal("Successfully configured", (await pane.EndAsync()).Verdict);
        await pane.AssertCleanAsync();
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_web_push_key_of_another_project_fails_at_the_send()
    {
        var config = await pane.WebAppAsync();
        config["vapidKey"] = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
        await FailsAsync(config, "Send", "send=failed arrival=open", "THIRD_PARTY_AUTH_ERROR", "Compare the web push key with Project settings > Cloud Messaging > Web Push certificates");
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_refused_registration_says_so_and_which_API_the_key_needs()
    {
        var config = await pane.WebAppAsync();
        config["apiKey"] = "AIzanoregister-".PadRight(39, 'x');
        await FailsAsync(config, "Registration", "registration=failed send=open", "registration.api_key_service", "add \"FCM Registration API\" to its API restrictions");
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_sender_of_another_project_is_found_at_the_send()
    {
        // Every installation id begins with one of these; the dry run of the server check has no token.
        foreach (var prefix in "cdef") await pane.Site.Phones.AddRuleAsync(new { effect = "error", error = "SENDER_ID_MISMATCH", tokenPrefix = prefix.ToString() });
        await FailsAsync(await pane.WebAppAsync(), "Send", "send=failed arrival=open", "SENDER_ID_MISMATCH",
            $"Check App ID, API key and Sender ID against the Firebase console of project {FirebaseAccount.First.Project}");
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_push_that_never_arrives_is_given_up_with_what_to_look_at()
    {
        await pane.Site.Phones.AddRuleAsync(new { effect = "corruptPush" });
        await FailsAsync(await pane.WebAppAsync(), "Arrival", "send=passed arrival=failed", "arrival.timeout", "Refresh the page and retry. If it fails again: look whether the operating system");
    }

    [Fact, Trait("Rule", "A7")]
    public async Task A_test_that_is_cut_off_is_cleaned_up_when_the_page_is_left_or_by_the_next_one()
    {
        await pane.OpenAsync();
        await pane.FillAsync(await pane.WebAppAsync());
        await pane.Site.Phones.AddRuleAsync(new { effect = "corruptPush" });
        await pane.StartAsync();
        await pane.UntilAsync("document.querySelector('[data-step=arrival]').dataset.state === 'waiting'");
        await pane.OpenAsync();
        await Eventually.UntilAsync(async () => (await pane.Site.Phones.DevicesAsync()).All(d => (string)d!["state"]! == "unregistered"), "the end of the registration");
        await pane.Site.Phones.BringBackAsync();
        Assert.Equal("Successfully configured", (await pane.RunAsync()).Verdict);
        await pane.AssertCleanAsync();
    }

    private async Task FailsAsync(JsonObject config, string at, string steps, string code, string remedy)
    {
        var end = await pane.RunAsync(config);
        Assert.Equal($"Failed at: {at}", end.Verdict);
        Assert.Contains(steps, end.Steps, StringComparison.Ordinal);
        Assert.Contains(remedy, end.Text, StringComparison.Ordinal);
        Assert.Contains(code, end.Text, StringComparison.Ordinal);
        await pane.UntilAsync($"document.querySelector('[data-test=last-test]').textContent.includes('Failed at: {at}')");
        await pane.AssertCleanAsync();
    }
}
