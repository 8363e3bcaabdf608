using Microsoft.AspNetCore.Components;
using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>One callback: how it stands, its pushes, and everything that was decided about it (rule D10).</summary>
public sealed partial class CallbackPage
{
    private ListedCallback? callback;
    private IReadOnlyList<TimelineEntry> timeline = [];
    private string? trouble;

    /// <summary>The callback.</summary>
    [Parameter]
    public Guid Id { get; set; }

    /// <summary>The newest fact about each push and each decision not to send; a decision whose sends have answers is told by these.</summary>
    private List<TimelineEntry> Pushes => [.. timeline.Where(TimelineText.IsPush).Where(e => e.Kind != "push.decided" || !timeline.Any(f => IsAnswerTo(f, e)))];

    internal static string AddressOf(Guid id) => $"{CallbackPolicies.Path}/{id:D}";

    private static bool IsAnswerTo(TimelineEntry fact, TimelineEntry decision) =>
        fact.Kind is not ("push.decided" or "push.suppressed") && TimelineText.IsPush(fact)
        && TimelineText.Text(fact, "event") == TimelineText.Text(decision, "event") && TimelineText.Text(fact, "round") == TimelineText.Text(decision, "round");

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        try
        {
            var found = await Service.FindAsync(Tenant, Id);
            if (found.Fault is { } fault)
            {
                trouble = fault.Detail;
                return;
            }
            var entries = await Service.TimelineAsync(Tenant, Id);
            (callback, timeline, trouble) = (found.Value, entries.Fault is null ? entries.Value : [], null);
        }
        catch (StorageException)
        {
            trouble = "The database cannot be reached. What is shown may be out of date.";
        }
    }
}
