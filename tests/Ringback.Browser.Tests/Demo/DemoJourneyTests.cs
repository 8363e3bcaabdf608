using System.Net.Http.Json;
using System.Text.Json;
using Ringback.Browser.Tests.Admin;
using Ringback.TestKit;

namespace Ringback.Browser.Tests.Demo;

/// <summary>A customer's way through the page <c>/demo</c>, in Firefox, with real web pushes.</summary>
[Collection(Pages.Name)]
public sealed class DemoJourneyTests(DemoInFirefox demo) : IClassFixture<DemoInFirefox>
{
    private const string Queue = "support", CallInQueue = "callin";
    private static int reports;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_place_in_line_moves_the_message_comes_and_the_customer_confirms_snoozes_and_cancels()
    {
        await ReportAsync(waiting: 12);
        await demo.OpenAsync();
        Assert.Equal([], await Axe.SeriousAsync(demo.Page, Cancellation));
        await demo.AskAsync(TenantClient.NewPhone());
        await demo.ShowsAsync("state", "You are number 13 in line");
        Assert.Equal("state", (string?)await demo.Page.EvaluateAsync("document.activeElement.id", Cancellation));
        await demo.ShowsAsync("no-pushes", "None yet.");
        await ReportAsync(waiting: 9, departures: 3);
        await demo.ShowsAsync("state", "You are number 10 in line");
        await demo.ShowsAsync("place", "It takes about 8 minutes.");

        await ReportAsync(waiting: 1, departures: 8);
        await demo.LogsAsync("1 CALLBACK_UPCOMING");
        await demo.ShowsAsync("state", "You are number 2 in line");
        await demo.NotifiesAsync("");
        await demo.PressAsync("confirm");
        await demo.ShowsAsync("place", "We know that you are here.");
        await demo.PressAsync("snooze");
        await demo.ShowsAsync("place", "We leave you in peace until");
        Assert.Equal([], await Axe.SeriousAsync(demo.Page, Cancellation));

        var id = await demo.CallbackAsync();
        Assert.Equal(["confirmed", "snoozed"], (await demo.Site.TimelineAsync(id)).Select(e => e.GetProperty("kind").GetString()!).Intersect(["confirmed", "snoozed"]));
        await demo.PressAsync("cancel");
        await demo.ShowsAsync("state", "This callback is over");
        await demo.ShowsAsync("place", "You have cancelled it.");
        await demo.PressAsync("again");
        await demo.UntilAsync("!document.getElementById('ask').hidden && document.activeElement.id === 'ask-title'");
        await demo.AssertQuietAsync();
    }

    [Fact]
    public async Task While_the_page_is_hidden_a_notification_shows_the_message_and_the_log_has_all_of_them_afterwards()
    {
        await demo.Site.ManageAsync(HttpMethod.Patch, $"settings/queues/{Queue}", new { retrySeconds = new { noAnswer = 1 }, maxAttempts = 2 });
        await ReportAsync(waiting: 12);
        await demo.OpenAsync();
        await demo.AskAsync(TenantClient.NewPhone());
        await demo.ShowsAsync("state", "You are number 13 in line");
        var cover = await demo.Page.CoverAsync(Cancellation);
        await demo.UntilAsync("document.visibilityState === 'hidden'");
        await ReportAsync(waiting: 0, departures: 12);
        await demo.NotifiesAsync("CALLBACK_UPCOMING We are about to call you");

        await AttemptAsync("NO_ANSWER");
        // In the place of the first, whose buttons are of no use any more.
        await demo.NotifiesAsync("CALLBACK_ATTEMPT_FAILED");
        await demo.Page.CloseTabAsync(cover, Cancellation);
        await demo.LogsAsync("1 CALLBACK_UPCOMING", "2 CALLBACK_ATTEMPT_FAILED");
        await demo.ShowsAsync("state", "You are number 1 in line");
        await AttemptAsync("NO_ANSWER");
        await demo.LogsAsync("1 CALLBACK_UPCOMING", "2 CALLBACK_ATTEMPT_FAILED", "3 CALLBACK_FINAL_ATTEMPT_FAILED");
        await demo.ShowsAsync("place", "We could not reach you.");
        await demo.AssertQuietAsync();
    }

    [Fact]
    public async Task When_it_is_the_customers_turn_the_page_asks_for_the_number_and_shows_it()
    {
        await ReportAsync(CallInQueue);
        await demo.OpenAsync();
        await demo.AskAsync(TenantClient.NewPhone(), callIn: true);
        await demo.ShowsAsync("state", "You are number 1 in line");
        await ReportAsync(CallInQueue, ready: 1);
        await demo.LogsAsync("1 CALLBACK_READY");
        await demo.ShowsAsync("state", "It is your turn");
        await demo.PressAsync("call-in");
        await demo.ShowsAsync("dial", "Dial +14155550199 and enter the code ");
        await demo.LogsAsync("1 CALLBACK_READY", "2 CALLBACK_CALL_IN");
        Assert.Equal([], await Axe.SeriousAsync(demo.Page, Cancellation));

        // After a reload everything is there again: the callback from storage, the messages from the worker.
        await demo.ReloadAsync();
        await demo.ShowsAsync("dial", "Dial +14155550199 and enter the code ");
        await demo.LogsAsync("1 CALLBACK_READY", "2 CALLBACK_CALL_IN");
        var code = ((string)(await demo.Page.EvaluateAsync("document.getElementById('code').textContent.trim().split(' ').pop()", Cancellation))!);
        var match = await demo.Site.ManageAsync(HttpMethod.Post, "call-in/match", new { accessCode = code });
        await demo.Site.OutcomeAsync(match.GetProperty("attemptId").GetString()!, "COMPLETED");
        await demo.ShowsAsync("place", "We have spoken.");
        await demo.AssertQuietAsync();
    }

    [Fact]
    public async Task A_message_that_is_sent_twice_is_in_the_log_once()
    {
        await ReportAsync(waiting: 12);
        await demo.OpenAsync();
        await demo.AskAsync(TenantClient.NewPhone());
        await demo.ShowsAsync("state", "You are number 13 in line");
        var id = await demo.CallbackAsync();
        // Taken by FCM and delivered, and the answer is lost: the server has to send it again.
        await EmulateAsync(HttpMethod.Post, "/faults/rules", new { effect = "reset", acceptFirst = true });
        await ReportAsync(waiting: 0, departures: 12);
        await ArrivedAsync(id, times: 2);
        await EmulateAsync(HttpMethod.Delete, "/faults", null);
        await demo.LogsAsync("1 CALLBACK_UPCOMING");

        // The next message proves that the second copy was handled before it.
        await demo.Site.ManageAsync(HttpMethod.Post, $"callbacks/{id}/purge", new { });
        await demo.LogsAsync("1 CALLBACK_UPCOMING", "2 CALLBACK_PURGED");
        await demo.ShowsAsync("place", "We had to drop it.");
        await demo.AssertQuietAsync();
    }

    [Fact]
    public async Task A_second_tab_shows_the_same_callback_and_what_is_done_in_it()
    {
        await ReportAsync(waiting: 12);
        await demo.OpenAsync();
        await demo.AskAsync(TenantClient.NewPhone());
        await demo.ShowsAsync("state", "You are number 13 in line");
        var (first, second) = (demo.Page.Tab, await demo.Page.CoverAsync(Cancellation));
        demo.Page.Tab = second;
        await demo.ReloadAsync();
        await demo.ShowsAsync("state", "You are number 13 in line");
        await demo.PressAsync("cancel");
        await demo.ShowsAsync("state", "This callback is over");
        await demo.PressAsync("again");
        demo.Page.Tab = first;
        await demo.UntilAsync("!document.getElementById('ask').hidden");
        await demo.Page.CloseTabAsync(second, Cancellation);
        await demo.AssertQuietAsync();
    }

    [Fact]
    public async Task What_is_refused_is_said_in_plain_words_and_nothing_is_lost()
    {
        await ReportAsync(waiting: 12);
        var before = demo.Page.Complaints.Count;
        await demo.OpenAsync();
        await demo.AskAsync("12");
        await demo.ShowsAsync("trouble", "This phone number cannot be called. Write it with its country code, such as +1 415 555 0123.");
        var phone = TenantClient.NewPhone();
        var waiting = await demo.Site.EngageAsync("callbacks/create", new { serviceName = Queue, phoneNumber = phone });
        await demo.AskAsync(phone);
        await demo.ShowsAsync("trouble", "A callback for this number is waiting already");
        await demo.UntilAsync("document.getElementById('trouble').role === 'alert' && !document.getElementById('ask').hidden");
        Assert.Equal([], await Axe.SeriousAsync(demo.Page, Cancellation));
        await demo.AssertQuietAsync(before);
        await demo.Site.EngageAsync("callbacks/cancel", new { id = waiting.GetProperty("id").GetGuid() });
    }

    [Fact]
    public async Task Where_notifications_are_blocked_the_page_says_what_to_do_and_works_without_them()
    {
        await ReportAsync(waiting: 12);
        // 2 is "deny".
        await using var firefox = await demo.StartFirefoxAsync(("permissions.default.desktop-notification", 2));
        await demo.OpenAsync(firefox.Page);
        var phone = TenantClient.NewPhone();
        await demo.AskAsync(phone, page: firefox.Page);
        await demo.ShowsAsync("trouble", "Notifications are blocked for this site. Allow them in the settings beside the address of this page", firefox.Page);
        await demo.AskAsync(phone, notify: false, page: firefox.Page);
        await demo.ShowsAsync("state", "You are number 13 in line", firefox.Page);
        await demo.ShowsAsync("no-pushes", "None: you asked without notifications.", firefox.Page);
        await firefox.Page.EvaluateAsync("document.getElementById('cancel').click()", Cancellation);
        await demo.ShowsAsync("state", "This callback is over", firefox.Page);
    }

    [Fact]
    public async Task Where_the_push_service_cannot_be_reached_the_page_says_so()
    {
        await using var firefox = await demo.StartFirefoxAsync(
            ("dom.push.serverURL", $"ws://127.0.0.1:{ProcessSitePoll.FreePort()}/push"), ("dom.push.requestTimeout", 1000));
        await demo.OpenAsync(firefox.Page);
        await demo.AskAsync(TenantClient.NewPhone(), page: firefox.Page);
        await demo.ShowsAsync("trouble", "The push service of your browser cannot be reached.", firefox.Page);
    }

    /// <summary>Five agents, four minutes a call. Callbacks of other tests must be over: they would stand in line too.</summary>
    private Task<JsonElement> ReportAsync(int waiting, int departures = 0) => ReportAsync(Queue, waiting, 0, departures);

    private Task<JsonElement> ReportAsync(string queue, int waiting = 0, int ready = 0, int departures = 0) =>
        demo.Site.ReportAsync(queue, waiting, ready, departures, $"demo-{Interlocked.Increment(ref reports)}");

    private async Task AttemptAsync(string outcome)
    {
        var attempt = await demo.Site.NextAsync(Queue, "Ada");
        await demo.Site.OutcomeAsync(attempt.GetProperty("attemptId").GetString()!, outcome);
    }

    private async Task EmulateAsync(HttpMethod method, string path, object? body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method, new Uri(demo.Emulator, path)) { Content = body is null ? null : JsonContent.Create(body) };
        (await http.SendAsync(request, Cancellation)).EnsureSuccessStatusCode();
    }

    private async Task ArrivedAsync(Guid callback, int times)
    {
        using var http = new HttpClient();
        await ProcessSitePoll.UntilAsync($"{times} copies of a message", async () =>
        {
            var inbox = await http.GetFromJsonAsync<JsonElement>(new Uri(demo.Emulator, $"/inbox?contains={callback}"), Cancellation);
            return inbox.GetProperty("messages").GetArrayLength() >= times;
        });
    }
}
