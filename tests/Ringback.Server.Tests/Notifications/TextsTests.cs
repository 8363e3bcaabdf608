using System.Text;

namespace Ringback.Server.Tests.Notifications;

/// <summary>Titles and bodies by queue, event and language (rule B12): which one a customer gets, how they are written, and what is refused.</summary>
public abstract class TextsTests(SiteDatabase database)
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";

    [Fact, Trait("Rule", "B12")]
    public async Task A_customer_gets_the_text_of_language_and_region_else_of_the_language_else_of_the_queues_language_else_English()
    {
        await using var site = await StartAsync(new { language = "fr-CA" });
        await WriteAsync(site, Final, "de-AT", "Servus");
        await WriteAsync(site, Final, "ko", "queue's Korean");
        await WriteAsync(site, Final, "en", "queue's English");
        (string? Language, string Title)[] expected =
        [
            ("de-AT", "Servus"), ("de_at", "Servus"), ("de-CH", "Wir konnten Sie nicht erreichen"), ("ko-KR", "queue's Korean"), ("en-GB", "queue's English"),
            ("pt-BR", "Não foi possível completar a chamada"), ("ja", "お電話がつながりませんでした"), ("es-419", "No hemos podido contactar con usted"),
            ("zh-Hans-CN", "Nous n’avons pas pu vous joindre"), (null, "Nous n’avons pas pu vous joindre"),
        ];
        foreach (var (language, title) in expected) Assert.Equal((language, title), (language, (await FailAsync(site, language)).Title));

        await site.Home.ChangeQueueAsync(Queue, new { language = "xx" });
        Assert.Equal("queue's English", (await FailAsync(site, "zh-Hans-CN")).Title);
        await WriteAsync(site, Final, "xx", "queue's own language");
        Assert.Equal("queue's own language", (await FailAsync(site, "zh-Hans-CN")).Title);
    }

    [Fact, Trait("Rule", "B12")]
    public async Task A_text_is_in_force_at_once_is_kept_through_a_restart_and_dropped_it_is_the_programs_again()
    {
        await using var site = await StartAsync();
        var answer = await WriteAsync(site, Final, "en", "Sorry, {queue}", "{attempt} of {maxAttempts}. Braces: {{}}\nThe end.");
        Assert.Equal((2, Final), (answer["version"]!.GetValue<int>(), answer["event"]!.GetValue<string>()));
        Assert.Equal(("Sorry, support", "1 of 3. Braces: {}\nThe end."), await FailAsync(site, "en-US"));
        await site.RestartServerAsync();
        Assert.Equal("Sorry, support", (await FailAsync(site, "en-US")).Title);

        var texts = (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/{Queue}/texts")).ExpectOk().Json;
        Assert.Equal("queue", TextOf(texts, Final, "en")["source"]!.GetValue<string>());
        Assert.Equal("builtIn", TextOf(texts, Final, "de")["source"]!.GetValue<string>());
        var changes = (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/{Queue}/history?limit=1")).ExpectOk().Json["entries"]![0]!["changes"]!.AsArray();
        Assert.Equal([$"texts.{Final}.en.title", $"texts.{Final}.en.body"], changes.Select(c => c!["field"]!.GetValue<string>()));

        (await site.Home.ManageAsync(HttpMethod.Delete, $"settings/queues/{Queue}/texts/{Final}/en")).ExpectOk();
        Assert.Equal("We could not reach you", (await FailAsync(site, "en-US")).Title);
        (await site.Other.ManageAsync(HttpMethod.Get, $"settings/queues/{Queue}/texts")).Expect(HttpStatusCode.NotFound);
        (await site.Home.AgentAsync(HttpMethod.Get, $"settings/queues/{Queue}/texts")).Expect(HttpStatusCode.Forbidden);
    }

    [Fact, Trait("Rule", "B12")]
    public async Task Each_of_the_six_languages_has_every_event_and_its_preview_leaves_no_placeholder()
    {
        await using var site = await StartAsync();
        var events = (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/{Queue}/texts")).ExpectOk().Json["events"]!.AsArray();
        Assert.Equal(6, events.Count);
        foreach (var entry in events)
        {
            Assert.Equal(["de", "en", "es", "fr", "ja", "pt"], entry!["texts"]!.AsArray().Select(t => t!["language"]!.GetValue<string>()));
            foreach (var text in entry["texts"]!.AsArray())
            {
                var (name, language) = (entry["event"]!.GetValue<string>(), text!["language"]!.GetValue<string>());
                var preview = (await PreviewAsync(site, new { @event = name, language })).ExpectOk().Json;
                Assert.Equal((language, "builtIn"), (preview["language"]!.GetValue<string>(), preview["source"]!.GetValue<string>()));
                var shown = preview["title"]!.GetValue<string>() + preview["body"]!.GetValue<string>();
                Assert.DoesNotContain('{', shown);
                Assert.Contains(Queue, shown, StringComparison.Ordinal);
                if (language != "en") Assert.NotEqual(TextOf(events, name, "en")["body"]!.GetValue<string>(), text["body"]!.GetValue<string>());
            }
        }
    }

    [Fact, Trait("Rule", "B12")]
    public async Task A_preview_shows_a_draft_with_sample_figures_or_what_would_be_sent_now_and_stores_nothing()
    {
        await using var site = await StartAsync(queue: "{minutes}");
        await WriteAsync(site, "CALLBACK_UPCOMING", "de", "Gleich", queue: "{minutes}");
        var draft = (await PreviewAsync(site, new { @event = "CALLBACK_UPCOMING", language = "de", title = "{queue}!", body = "{position}, {minutes}" }, "{minutes}")).ExpectOk().Json;
        Assert.Equal(("{minutes}!", "2, 4", "de", "queue"), (draft["title"]!.GetValue<string>(), draft["body"]!.GetValue<string>(), draft["language"]!.GetValue<string>(), draft["source"]!.GetValue<string>()));
        var sent = (await PreviewAsync(site, new { @event = "CALLBACK_UPCOMING", language = "de-AT" }, "{minutes}")).ExpectOk().Json;
        Assert.Equal(("Gleich", "de"), (sent["title"]!.GetValue<string>(), sent["language"]!.GetValue<string>()));
        Assert.Equal(2, (await site.Home.ManageAsync(HttpMethod.Get, "settings/queues/%7Bminutes%7D")).ExpectOk().Json["version"]!.GetValue<int>());

        (await PreviewAsync(site, new { @event = "CALLBACK_UPCOMING", language = "de", title = "{name}", body = "x" }, "{minutes}")).Expect(HttpStatusCode.BadRequest);
        (await PreviewAsync(site, new { @event = "CALLBACK_UPCOMING", language = "de", title = "x" }, "{minutes}")).Expect(HttpStatusCode.BadRequest);
        (await PreviewAsync(site, new { @event = "CALLBACK_WHAT", language = "de" }, "{minutes}")).Expect(HttpStatusCode.BadRequest);
        (await PreviewAsync(site, new { @event = "CALLBACK_UPCOMING", language = "de" }, "nowhere")).Expect(HttpStatusCode.NotFound);
    }

    [Fact, Trait("Rule", "B12")]
    public async Task What_is_wrong_with_a_text_is_told_all_at_once_and_nothing_is_stored()
    {
        await using var site = await StartAsync();
        (string Event, string Language, string Title, string Body, string[] Mistakes)[] table =
        [
            ("CALLBACK_READY", "de", "{position}", "{queue} {naem}",
            [
                "texts.CALLBACK_READY.de.title has the unknown placeholder {position}. CALLBACK_READY knows {queue}, {minutes}",
                "texts.CALLBACK_READY.de.body has the unknown placeholder {naem}. CALLBACK_READY knows {queue}, {minutes}",
            ]),
            (Final, "de", "{queue", "}",
            [
                $"texts.{Final}.de.title has a brace that belongs to no placeholder. A brace that is meant as such is doubled",
                $"texts.{Final}.de.body has a brace that belongs to no placeholder. A brace that is meant as such is doubled",
            ]),
            (Final, "de", "", new string('x', 601), [$"texts.{Final}.de.title must have 1 to 120 characters", $"texts.{Final}.de.body must have 1 to 600 characters"]),
            (Final, "de", "a\tb", "x", [$"texts.{Final}.de.title must have no control characters but line breaks"]),
            (Final, "German", "x", "x", [$"texts.{Final}.German must stand under a language such as de or de-AT"]),
            ("CALLBACK_WHAT", "de", "x", "x", ["texts.CALLBACK_WHAT is no event. The events are CALLBACK_UPCOMING, CALLBACK_READY, CALLBACK_CALL_IN, CALLBACK_PURGED, CALLBACK_ATTEMPT_FAILED, CALLBACK_FINAL_ATTEMPT_FAILED"]),
        ];
        foreach (var (name, language, title, body, mistakes) in table)
        {
            var refused = await site.Home.ManageAsync(HttpMethod.Put, $"settings/queues/{Queue}/texts/{name}/{language}", title.Length > 0 ? new { title, body } : new { body });
            Assert.Equal(mistakes, refused.Expect(HttpStatusCode.BadRequest).Json["errors"]!.AsArray().Select(e => $"{e!["field"]} {e["message"]}"));
        }
        Assert.Equal(1, (await site.Home.ManageAsync(HttpMethod.Get, $"settings/queues/{Queue}")).ExpectOk().Json["version"]!.GetValue<int>());
        // So many texts that the settings would grow without end.
        var all = new JsonObject();
        for (var i = 0; i < 60; i++) all[$"{(char)('a' + (i / 26))}{(char)('a' + (i % 26))}"] = new JsonObject { ["title"] = "x", ["body"] = new string('y', 600) };
        var tooMany = await site.Home.ManageAsync(HttpMethod.Patch, $"settings/queues/{Queue}", new JsonObject { ["texts"] = new JsonObject { [Final] = all } });
        Assert.Equal("texts must have at most 32 KiB together.", tooMany.Expect(HttpStatusCode.BadRequest).Message);
    }

    [Fact, Trait("Rule", "B12")]
    public async Task Whatever_a_queue_is_called_and_its_texts_say_no_push_is_refused_for_its_size()
    {
        // 255 characters of three bytes each, in a name that stands in every text as often as there is room for it.
        var name = new string('長', 255);
        await using var site = await StartAsync(new { maxAttempts = 2 }, queue: name);
        var text = (Title: string.Concat(Enumerable.Repeat("{queue}", 17)), Body: string.Concat(Enumerable.Repeat("{queue}", 80)) + new string('字', 40));
        foreach (var pushEvent in (string[])["CALLBACK_UPCOMING", "CALLBACK_PURGED", "CALLBACK_ATTEMPT_FAILED", Final]) await WriteAsync(site, pushEvent, "ja", text.Title, text.Body, name);
        await site.Home.ReportAsync(name, waiting: 9);
        var id = await site.Home.CreateCallbackAsync(name, ["phone-1"], language: "ja");
        await site.Home.ReportAsync(name, departures: 9);
        await site.WaitForPushAsync("phone-1", "CALLBACK_UPCOMING");
        await site.Home.OutcomeAsync((await site.Home.DialAsync(name)).AttemptId, "BUSY");
        await site.WaitForPushAsync("phone-1", "CALLBACK_ATTEMPT_FAILED");
        await site.AdvanceAsync(TimeSpan.FromSeconds(120));
        await site.Home.OutcomeAsync((await site.Home.DialAsync(name)).AttemptId, "BUSY");
        var push = await site.WaitForPushAsync("phone-1", Final);
        Assert.Equal(id.ToString(), push.Data("callbackId"));
        var (title, body) = Shown(push);
        Assert.True(Encoding.UTF8.GetByteCount(title) is > 380 and <= 400, title);
        Assert.True(Encoding.UTF8.GetByteCount(body) is > 1_880 and <= 1_900, body);
        Assert.EndsWith("長…", title, StringComparison.Ordinal);
        await site.SettleAsync();
        Assert.All(site.Outbox(), item => Assert.Equal("accepted", item.State));
    }

    private async Task<TestSite> StartAsync(object? settings = null, string queue = Queue)
    {
        var site = await TestSite.StartAsync(on: database);
        await site.Home.CreateQueueAsync(queue, settings);
        return site;
    }

    private static async Task<JsonNode> WriteAsync(TestSite site, string pushEvent, string language, string title, string body = "{queue}", string queue = Queue) =>
        (await site.Home.ManageAsync(HttpMethod.Put, $"settings/queues/{Uri.EscapeDataString(queue)}/texts/{pushEvent}/{language}", new { title, body })).ExpectOk().Json;

    private static Task<ApiAnswer> PreviewAsync(TestSite site, object body, string queue = Queue) =>
        site.Home.ManageAsync(HttpMethod.Post, $"settings/queues/{Uri.EscapeDataString(queue)}/texts/preview", body);

    /// <summary>A customer of that language who cannot be called: the push that tells so.</summary>
    private static async Task<(string Title, string Body)> FailAsync(TestSite site, string? language)
    {
        var phone = $"phone{TenantClient.NewPhone()}";
        await site.Home.CreateCallbackAsync(Queue, [phone], language: language);
        await site.Home.OutcomeAsync((await site.Home.DialAsync(Queue)).AttemptId, "INVALID_NUMBER");
        return Shown(await site.WaitForPushAsync(phone, Final));
    }

    private static (string Title, string Body) Shown(Push push) =>
        (push.Message["notification"]!["title"]!.GetValue<string>(), push.Message["notification"]!["body"]!.GetValue<string>());

    private static JsonNode TextOf(JsonNode texts, string pushEvent, string language) => TextOf(texts["events"]!.AsArray(), pushEvent, language);

    private static JsonNode TextOf(JsonArray events, string pushEvent, string language) =>
        events.Single(e => e!["event"]!.GetValue<string>() == pushEvent)!["texts"]!.AsArray().Single(t => t!["language"]!.GetValue<string>() == language)!;
}

/// <summary>On SQLite.</summary>
public sealed class SqliteTextsTests() : TextsTests(SiteDatabase.Sqlite);

/// <summary>On PostgreSQL.</summary>
public sealed class PostgreSqlTextsTests() : TextsTests(SiteDatabase.PostgreSql);
