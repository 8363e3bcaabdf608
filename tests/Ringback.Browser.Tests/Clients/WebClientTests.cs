using System.Net;
using System.Text.Json.Nodes;

namespace Ringback.Browser.Tests.Clients;

/// <summary>clients/web as an app copies it, in Firefox, with real web pushes.</summary>
public sealed class WebClientTests
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Repeats_and_late_events_are_dropped_in_both_presentations_and_the_token_stays_until_it_is_given_back()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        var client = new Uri(world.Site.Address, "client/");
        await world.Firefox.Page.NavigateAsync(client, cancellation);
        var token = await EnableAsync(world);
        Assert.Equal(token, await EnableAsync(world));

        await world.SendOkAsync(Notification(token, "CALLBACK_UPCOMING", "n-2", sequence: 2, "Soon"));
        var upcoming = await NextAsync(world);
        Assert.Equal("CALLBACK_UPCOMING Soon", $"{upcoming["event"]} {upcoming["title"]}");
        Assert.Equal("c-1", (string?)upcoming["data"]!["callbackId"]);

        // A resend, and an event from before: the next that the page hears is the one after them.
        await world.SendOkAsync(Notification(token, "CALLBACK_UPCOMING", "n-2", sequence: 2, "Repeated"));
        await world.SendOkAsync(Notification(token, "CALLBACK_UPCOMING", "n-1", sequence: 1, "Late"));
        await world.SendOkAsync(Data(token, "CALLBACK_READY", "n-3", sequence: 3, "Your turn"));
        var ready = await NextAsync(world);
        Assert.Equal("CALLBACK_READY Your turn", $"{ready["event"]} {ready["title"]}");
        Assert.Equal("[]", (await world.Firefox.Page.EvaluateAsync("test.shown()", cancellation))!.ToJsonString());

        Assert.Null(await world.Firefox.Page.EvaluateAsync("test.disable().then(() => null)", cancellation));
        Assert.Contains($"{token} unregistered", await world.DevicesAsync());
        await world.AssertRefusedAsync($$"""{"token":"{{token}}"}""", HttpStatusCode.NotFound, "UNREGISTERED");
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_page_the_worker_shows_each_event_once_and_the_newest_alone()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        var client = new Uri(world.Site.Address, "client/");
        await world.Firefox.Page.NavigateAsync(client, cancellation);
        var token = await EnableAsync(world);
        // Of the same site, and outside of the worker's scope: no page of the app is open.
        await world.Firefox.Page.NavigateAsync(new Uri(world.Site.Address, "empty"), cancellation);

        // READY and CALL_IN stay until they are pressed; others Firefox closes by itself after seconds, and nothing would be proved.
        await world.SendOkAsync(Notification(token, "CALLBACK_READY", "n-1", sequence: 1, "Your turn"));
        await UntilShownAsync(world, """[["Your turn","n-1"]]""");
        await world.SendOkAsync(Data(token, "CALLBACK_CALL_IN", "n-3", sequence: 3, "Dial"));
        await UntilShownAsync(world, """[["Dial","n-3"]]""");
        await world.SendOkAsync(Notification(token, "CALLBACK_CALL_IN", "n-3", sequence: 3, "Repeated"));
        await world.SendOkAsync(Notification(token, "CALLBACK_READY", "n-2", sequence: 2, "Late"));
        // Of another callback, so that what it shows proves that the two before it were handled.
        await world.SendOkAsync(Notification(token, "CALLBACK_READY", "n-9", sequence: 1, "Another", callback: "c-2"));
        await UntilShownAsync(world, """[["Another","n-9"],["Dial","n-3"]]""");

        await world.Firefox.Page.NavigateAsync(client, cancellation);
        Assert.Equal("""["n-1","n-3"]""", (await world.Firefox.Page.EvaluateAsync(
            "test.received('c-1').then((all) => all.map((event) => event.data.notificationId))", cancellation))!.ToJsonString());
    }

    [Fact(Timeout = 120_000)]
    public async Task A_press_on_a_notification_reaches_the_page_once_whether_it_is_open_or_opened_by_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        var (client, elsewhere) = (new Uri(world.Site.Address, "client/"), new Uri(world.Site.Address, "empty"));
        await world.Firefox.Page.NavigateAsync(client, cancellation);
        var token = await EnableAsync(world, "./pressing-worker.js");

        await world.Firefox.Page.NavigateAsync(elsewhere, cancellation);
        await world.SendOkAsync(Notification(token, "CALLBACK_READY", "n-1", sequence: 1, "Your turn"));
        await UntilShownAsync(world, """[["Your turn","n-1"]]""");
        await world.Firefox.Page.EvaluateAsync("""
            navigator.serviceWorker.getRegistration("/client/").then((r) => r.active.postMessage({ press: "call-in" }))
            """, cancellation);
        await UntilShownAsync(world, "[]");
        await world.Firefox.Page.NavigateAsync(client, cancellation);
        Assert.Equal("call-in CALLBACK_READY c-1", await NextChoiceAsync(world));

        await world.Firefox.Page.NavigateAsync(elsewhere, cancellation);
        await world.SendOkAsync(Data(token, "CALLBACK_CALL_IN", "n-2", sequence: 2, "Dial"));
        await UntilShownAsync(world, """[["Dial","n-2"]]""");
        await world.Firefox.Page.NavigateAsync(client, cancellation);
        await world.Firefox.Page.EvaluateAsync("test.press('')", cancellation);
        Assert.Equal("open CALLBACK_CALL_IN c-1", await NextChoiceAsync(world));
    }

    private static async Task<string> EnableAsync(World world, string worker = "./ringback-push-sw.js") => (string)(await world.Firefox.Page.EvaluateAsync(
        $"test.enable({{ project: 'demo', apiKey: 'any', appId: '1:123456789:web:abcdef' }}, '{worker}')", Cancellation))!;

    private static async Task<string> NextChoiceAsync(World world)
    {
        var choice = (await world.Firefox.Page.EvaluateAsync("test.nextChoice()", Cancellation))!;
        return $"{choice["action"]} {choice["event"]} {choice["data"]!["callbackId"]}";
    }

    private static async Task<JsonNode> NextAsync(World world) => (await world.Firefox.Page.EvaluateAsync("test.next()", Cancellation))!;

    private static async Task UntilShownAsync(World world, string expected)
    {
        var since = TimeProvider.System.GetTimestamp();
        var shown = "";
        while (shown != expected && TimeProvider.System.GetElapsedTime(since) < patience)
        {
            shown = (string)(await world.Firefox.Page.EvaluateAsync("""
                navigator.serviceWorker.getRegistration("/client/").then((r) => r.getNotifications())
                  .then((all) => JSON.stringify(all.map(({ title, tag }) => [title, tag]).sort()))
                """, Cancellation))!;
        }
        Assert.Equal(expected, shown);
    }

    private static string Notification(string token, string name, string id, int sequence, string title, string callback = "c-1") =>
        $$$"""{"token":"{{{token}}}","notification":{"title":"{{{title}}}","body":"Text"},"data":{{{Fields(name, id, sequence, callback)}}}}""";

    private static string Data(string token, string name, string id, int sequence, string title) =>
        $$$"""{"token":"{{{token}}}","data":{"title":"{{{title}}}","body":"Text",{{{Fields(name, id, sequence, "c-1")[1..]}}}}""";

    private static string Fields(string name, string id, int sequence, string callback) =>
        $$"""{"version":"1","event":"{{name}}","notificationId":"{{id}}","callbackId":"{{callback}}","sequence":"{{sequence}}"}""";
}
