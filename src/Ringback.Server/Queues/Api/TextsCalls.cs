using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Queues.Api;

/// <summary>Titles and bodies of a queue's pushes, by event and language (rule B12). They are part of the queue's settings: versioned, audited and in force with them.</summary>
internal static class TextsCalls
{
    public static async Task<IResult> GetAsync(HttpContext http, string name, QueueService service) =>
        Answers.Plain(http, await service.FindAsync(http.Caller().Tenant, RouteText.Name(name)), queue => new
        {
            queue = queue.Name,
            queue.Settings.Language,
            events = PushEvents.All.Select(e => new { @event = e, placeholders = PushTemplate.PlaceholdersOf(e), texts = TextsOf(queue.Settings, e) }),
        });

    public static async Task<IResult> PutAsync(HttpContext http, string name, string pushEvent, string language, QueueService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        // Length and placeholders are judged with the settings, which name every mistake at once.
        var text = new PushText { Title = fields.Text("title", JsonBody.MaxBytes) ?? "", Body = fields.Text("body", JsonBody.MaxBytes) ?? "" };
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        return await ChangeAsync(http, name, pushEvent, language, text, service);
    }

    public static Task<IResult> DeleteAsync(HttpContext http, string name, string pushEvent, string language, QueueService service) =>
        ChangeAsync(http, name, pushEvent, language, null, service);

    /// <summary>With <c>title</c> and <c>body</c> a draft is shown, without them what would be sent now.</summary>
    public static async Task<IResult> PreviewAsync(HttpContext http, string name, QueueService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var (pushEvent, language) = (fields.RequiredText("event", 64), fields.RequiredText("language", 20));
        var (title, body) = (fields.Text("title", PushText.MaxTitleLength), fields.Text("body", PushText.MaxBodyLength));
        if (fields.Fault is null && !PushEvents.All.Contains(pushEvent)) fields.Wrong("event", $"must be one of {string.Join(", ", PushEvents.All)}");
        if (fields.Fault is null && title is null != body is null) fields.Wrong(title is null ? "title" : "body", "is missing: a draft has both");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);

        var found = await service.FindAsync(http.Caller().Tenant, RouteText.Name(name));
        if (found.Fault is { } unknown) return Answers.Refuse(http, unknown);
        var chosen = title is null
            ? PushTexts.Choose(found.Value.Settings.Texts, pushEvent, language, found.Value.Settings.Language)
            : new ChosenText(language, true, new PushText { Title = title, Body = body! });
        if (PushTexts.MistakesOf(chosen.Text, pushEvent, "").ToList() is { Count: > 0 } mistakes) return Answers.Refuse(http, Problems.InvalidParameters.With(mistakes));
        var shown = NotificationText.Preview(pushEvent, chosen.Text, found.Value.Name);
        return Answers.Ok(new { shown.Title, shown.Body, chosen.Language, source = Source(chosen.IsOwn) });
    }

    private static async Task<IResult> ChangeAsync(HttpContext http, string name, string pushEvent, string language, PushText? text, QueueService service)
    {
        var caller = http.Caller();
        var answer = await service.ChangeTextAsync(caller.Tenant, RouteText.Name(name), pushEvent, language, text, caller.Name);
        return Answers.Plain(http, answer, queue => new { queue = queue.Name, queue.Version, @event = pushEvent, texts = TextsOf(queue.Settings, pushEvent) });
    }

    /// <summary>The program's texts and the queue's own; one that the queue has in a language of the program stands in its place.</summary>
    private static IEnumerable<object> TextsOf(QueueSettings settings, string pushEvent)
    {
        var own = settings.Texts.GetValueOrDefault(pushEvent) ?? new Dictionary<string, PushText>();
        return PushTexts.BuiltInLanguages.Union(own.Keys).Order(StringComparer.Ordinal).Select(language => own.TryGetValue(language, out var written)
            ? new { language, written.Title, written.Body, source = Source(true) }
            : new { language, PushTexts.BuiltIn(pushEvent, language)!.Title, PushTexts.BuiltIn(pushEvent, language)!.Body, source = Source(false) });
    }

    private static string Source(bool isOwn) => isOwn ? "queue" : "builtIn";
}
