using Microsoft.AspNetCore.Components;
using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Notifications;
using Ringback.Engine.Queues;

namespace Ringback.Server.Queues.Admin;

/// <summary>Titles and bodies of a queue's pushes, by event and language (rule B12).</summary>
public sealed partial class TextsPage
{
    private StoredQueue? queue;
    private string pushEvent = PushEvents.Upcoming;
    private string language = "en";
    private string other = "";
    private string title = "";
    private string body = "";

    /// <summary>Number of the queue.</summary>
    [Parameter]
    public int Id { get; set; }

    internal static string AddressOf(int queueId) => $"{QueueSettingsPage.AddressOf(queueId)}/texts";

    private IReadOnlyDictionary<string, PushText> Own => queue!.Settings.Texts.GetValueOrDefault(pushEvent) ?? new Dictionary<string, PushText>();

    private IEnumerable<string> Languages => PushTexts.BuiltInLanguages.Union(Own.Keys).Append(language).Distinct().Order(StringComparer.Ordinal);

    private PushText Draft => new() { Title = title, Body = body };

    private List<FieldMistake> Mistakes => [.. PushTexts.MistakesOf(Draft, pushEvent, "")];

    private ChosenText InForce => PushTexts.Choose(queue!.Settings.Texts, pushEvent, language, queue.Settings.Language);

    private bool IsEdited => Draft != InForce.Text || InForce.Language != language;

    private string SourceText => InForce switch
    {
        { IsOwn: true } chosen when chosen.Language == language => "This queue's own text.",
        { IsOwn: false } chosen when chosen.Language == language => "The text that comes with Ringback.",
        var chosen => $"There is none in {language}; customers get the one in {chosen.Language}.",
    };

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        queue = await Queues.FindAsync(new QueueKey(Tenant, Id));
        if (queue is null) Trouble = "There is no such queue.";
        else Show();
    }

    private bool IsOwn(string known) => Own.ContainsKey(known);

    private string? MistakeOf(string field) => Mistakes.FirstOrDefault(m => m.Field == field)?.Message;

    private void Show() => (title, body) = (InForce.Text.Title, InForce.Text.Body);

    private void AddLanguage()
    {
        if (other.Trim().Length == 0) return;
        (language, other) = (other.Trim(), "");
        Show();
    }

    private Task SaveAsync() => EditAsync(() => ChangeAsync(Draft, "Saved. Pushes from now on have it."));

    private Task DropAsync() => EditAsync(() => ChangeAsync(null, "The queue's own text was dropped."));

    private async Task ChangeAsync(PushText? text, string done)
    {
        var answer = await Service.ChangeTextAsync(Tenant, queue!.Name, pushEvent, language, text, UserName);
        if (answer.Fault is { } fault)
        {
            Toast(fault.Detail, Severity.Error);
            return;
        }
        queue = answer.Value;
        Show();
        Toast(done);
    }
}
