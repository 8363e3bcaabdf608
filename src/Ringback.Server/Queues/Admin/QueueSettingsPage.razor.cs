using Microsoft.AspNetCore.Components;
using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Queues;

namespace Ringback.Server.Queues.Admin;

/// <summary>All settings of one queue: shown, changed, added, deleted (rule C2).</summary>
public sealed partial class QueueSettingsPage
{
    internal const string AddPath = QueuePolicies.Path + "/add";

    private const int HistoryShown = 20;

    private static readonly IReadOnlyDictionary<string, string> defaults = SettingsSheet.Texts(new QueueSettings());

    /// <summary>Texts are edited on a page of their own.</summary>
    private static readonly IReadOnlyList<SettingsField> fields = [.. SettingsFields.All.Where(f => f.Name != "texts")];

    private Dictionary<string, string> texts = [];
    private QueueSettings current = new();
    private IReadOnlyDictionary<string, string> stored = defaults;
    private Dictionary<string, string> mistakes = [];
    private IReadOnlyList<SettingsHistoryEntry> history = [];
    private string name = "";
    private bool asksToDelete;
    private int? shownId;
    private ElementReference summary;
    private bool summaryIsNew;

    /// <summary>Number of the queue; 0 where one is added.</summary>
    [Parameter]
    public int Id { get; set; }

    private bool IsNew => Id == 0;

    private string Title => IsNew ? "Add a queue" : name.Length > 0 ? name : "Queue";

    internal static string AddressOf(int queueId) => $"{QueuePolicies.Path}/{queueId.ToString(System.Globalization.CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        (shownId, name, current, stored, texts, mistakes, history, Trouble) = (Id, "", new(), defaults, [], [], [], null);
        if (IsNew && MayEdit) texts = new(defaults, StringComparer.Ordinal);
        else if (IsNew) Trouble = "Only administrators add queues.";
        else if (await Queues.FindAsync(new QueueKey(Tenant, Id)) is { } queue) await ShowAsync(queue);
        else Trouble = "There is no such queue.";
    }

    /// <summary>The way back from a queue that was just added leads to the same page with another number.</summary>
    protected override Task OnParametersSetAsync() => shownId is null || shownId == Id ? Task.CompletedTask : DoAsync(ReadAsync);

    /// <summary>Who pressed Save at the end of a long page would not see that something is wrong at its beginning.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!summaryIsNew || mistakes.Count == 0) return;
        summaryIsNew = false;
        await summary.FocusAsync();
    }

    /// <summary>A mistake may lie within a structure, whose name comes first.</summary>
    private static string LabelOf(string field) => (SettingsFields.Find(field) ?? SettingsFields.Find(field.Split('.', '[')[0]))?.Label ?? field;

    private static IEnumerable<SettingsField> FieldsOf(SettingsSection section) => fields.Where(f => f.Section == section);

    private static bool IsByEvent(SettingsField field) => field.Name.Contains(".CALLBACK_", StringComparison.Ordinal);

    private static string SectionTitle(SettingsSection section) => section switch
    {
        SettingsSection.Queue => "Queue",
        SettingsSection.Attempts => "Attempts",
        SettingsSection.Waiting => "Waiting, hours and capacity",
        SettingsSection.Pushes => "Push notifications",
        _ => "Numbers and routing",
    };

    /// <summary>A mistake within a structure is shown at the structure.</summary>
    private string? MistakeOf(string field) => mistakes.TryGetValue(field, out var exact)
        ? exact
        : mistakes.FirstOrDefault(m => m.Key.StartsWith($"{field}.", StringComparison.Ordinal)) is { Key: not null } inner ? $"{inner.Key} {inner.Value}" : null;

    private async Task ShowAsync(StoredQueue queue)
    {
        (shownId, name, current, stored, Trouble) = (queue.Key.QueueId, queue.Name, queue.Settings, SettingsSheet.Texts(queue.Settings), null);
        texts = new(stored, StringComparer.Ordinal);
        var answer = await Service.HistoryAsync(Tenant, queue.Name, null, HistoryShown);
        history = answer.Fault is null ? [.. answer.Value.Where(entry => entry.Version.QueueId == queue.Key.QueueId)] : [];
    }

    private Task SaveAsync() => EditAsync(async () =>
    {
        List<FieldMistake> unreadable = [];
        // Only what was changed here: what somebody else has changed meanwhile stays as they wanted it.
        var patch = SettingsSheet.Changes(stored, texts, unreadable);
        if (unreadable.Count > 0)
        {
            // Not sent, so the rest is judged here, for all mistakes to be told at once.
            Tell(Problems.InvalidParameters.With([.. unreadable, .. QueueSettingsJson.Merge(current, patch).Fault?.Mistakes ?? []]));
            return;
        }
        var answer = IsNew ? await Service.AddAsync(Tenant, name.Trim(), patch, UserName) : await Service.ChangeAsync(Tenant, name, patch, UserName);
        if (answer.Fault is { } fault)
        {
            Tell(fault);
            return;
        }
        mistakes = [];
        Toast(IsNew ? $"{name} was added." : "Saved. The settings are in force.");
        if (IsNew) Navigation.NavigateTo(AddressOf(answer.Value.Key.QueueId));
        await ShowAsync(answer.Value);
    });

    private Task DeleteAsync() => EditAsync(async () =>
    {
        var answer = await Service.DeleteAsync(Tenant, name, UserName);
        asksToDelete = false;
        if (answer.Fault is { } fault)
        {
            Toast(fault.Detail, Severity.Error);
            return;
        }
        Toast($"{name} was deleted.");
        Navigation.NavigateTo(QueuePolicies.Path);
    });

    private void Tell(Fault fault)
    {
        mistakes = fault.Mistakes.DistinctBy(m => m.Field).ToDictionary(m => m.Field, m => m.Message, StringComparer.Ordinal);
        summaryIsNew = true;
        if (mistakes.Count == 0) Toast(fault.Detail, Severity.Error);
    }
}
