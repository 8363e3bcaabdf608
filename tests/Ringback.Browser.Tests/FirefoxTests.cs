using System.Net;
using System.Text.Json.Nodes;

namespace Ringback.Browser.Tests;

/// <summary>Debian's Firefox, npm's firebase, and the emulator: nothing in between is a stand-in.</summary>
public sealed class FirefoxTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_token_receives_in_the_foreground_and_in_the_background_until_it_is_deleted()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        await world.Firefox.Page.NavigateAsync(world.Site.Address, cancellation);
        var token = (string)(await world.Firefox.Page.EvaluateAsync("test.token()", cancellation))!;

        await world.SendOkAsync($$$"""{"token":"{{{token}}}","notification":{"title":"Your turn"},"data":{"event":"CALLBACK_READY"}}""");
        var foreground = (await world.Firefox.Page.EvaluateAsync("test.nextMessage()", cancellation))!;
        Assert.Equal("Your turn", (string?)foreground["notification"]!["title"]);
        Assert.Equal("CALLBACK_READY", (string?)foreground["data"]!["event"]);
        Assert.Equal("123456789", (string?)foreground["from"]);

        await world.Firefox.Page.NavigateAsync(new Uri("about:blank"), cancellation);
        await world.SendOkAsync($$$"""{"token":"{{{token}}}","notification":{"title":"Soon","body":"Two minutes"}}""");
        var background = await world.Site.NextBackgroundAsync(cancellation);
        Assert.Equal("""[{"title":"Soon","body":"Two minutes"}]""", background["notifications"]!.ToJsonString());

        await world.Firefox.Page.NavigateAsync(world.Site.Address, cancellation);
        Assert.True((bool)(await world.Firefox.Page.EvaluateAsync("test.token().then(test.deleteToken)", cancellation))!);
        await world.AssertRefusedAsync($$"""{"token":"{{token}}"}""", HttpStatusCode.NotFound, "UNREGISTERED");
    }

    [Fact(Timeout = 120_000)]
    public async Task An_installation_id_registers_and_receives()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        await world.Firefox.Page.NavigateAsync(world.Site.Address, cancellation);
        var fid = (string)(await world.Firefox.Page.EvaluateAsync("test.register()", cancellation))!;
        await world.SendOkAsync($$$"""{"fid":"{{{fid}}}","data":{"event":"CALLBACK_UPCOMING"}}""");
        var message = (await world.Firefox.Page.EvaluateAsync("test.nextMessage()", cancellation))!;
        Assert.Equal("CALLBACK_UPCOMING", (string?)message["data"]!["event"]);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_flipped_bit_and_a_foreign_key_do_not_arrive()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        await world.Firefox.Page.NavigateAsync(world.Site.Address, cancellation);
        var token = (string)(await world.Firefox.Page.EvaluateAsync("test.token()", cancellation))!;

        // The browser says what it thinks of the flipped bit (101), and the next message is the first that the page sees.
        await world.AddRuleAsync("""{"effect":"corruptPush"}""");
        await world.SendOkAsync($$$"""{"token":"{{{token}}}","data":{"event":"corrupt"}}""");
        await world.UntilAcknowledgedAsync(101);
        await world.ClearRulesAsync();
        await world.SendOkAsync($$$"""{"token":"{{{token}}}","data":{"event":"whole"}}""");
        var message = (await world.Firefox.Page.EvaluateAsync("test.nextMessage()", cancellation))!;
        Assert.Equal("whole", (string?)message["data"]!["event"]);

        // The base point of P-256: a key that is good, and nobody's.
        const string foreign = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU";
        var wrong = (string)(await world.Firefox.Page.EvaluateAsync($"test.deleteToken().then(() => test.token('{foreign}'))", cancellation))!;
        await world.AssertRefusedAsync($$"""{"token":"{{wrong}}"}""", HttpStatusCode.Unauthorized, "THIRD_PARTY_AUTH_ERROR");
        Assert.Equal(0, (int)(await world.Firefox.Page.EvaluateAsync("test.receivedCount()", cancellation))!);
    }

    [Fact(Timeout = 120_000)]
    public async Task The_live_page_shows_a_message_the_faults_and_the_state_of_a_token()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var world = await World.StartAsync();
        await world.AddDeviceAsync("phone-1");
        await world.SendOkAsync("""{"token":"phone-1","notification":{"title":"<b>Your turn</b>"}}""");
        await world.AddRuleAsync("""{"effect":"hang","token":"phone-2"}""");
        await world.Firefox.Page.NavigateAsync(world.Emulator, cancellation);
        Assert.Equal("<b>Your turn</b>", (string?)await world.Firefox.Page.EvaluateAsync(Text("#messages h2"), cancellation));
        Assert.True((bool)(await world.Firefox.Page.EvaluateAsync("document.getElementById('panel').open = true", cancellation))!);
        Assert.Equal("demoOK1", (string?)await world.Firefox.Page.EvaluateAsync(Text("#answers tr"), cancellation));
        Assert.Equal("f1hangtoken phone-20 of 0", (string?)await world.Firefox.Page.EvaluateAsync(Text("#faults tr"), cancellation));
        Assert.Equal("phone-1registered10OK", (string?)await world.Firefox.Page.EvaluateAsync(Text("#targets tr"), cancellation));
    }

    /// <summary>The text of an element as soon as it is there.</summary>
    private static string Text(string selector) => $$"""
        (async () => {
          for (;;) {
            const found = document.querySelector("{{selector}}");
            if (found) return found.textContent;
            await new Promise((again) => setTimeout(again, 20));
          }
        })()
        """;
}
