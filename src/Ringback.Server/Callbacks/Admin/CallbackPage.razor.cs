using Microsoft.AspNetCore.Components;
using Ringback.Engine;
using Ringback.Engine.Callbacks;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>One callback: how it stands, its pushes, and everything that was decided about it (rule D10).</summary>
public sealed partial class CallbackPage
{
    private IReadOnlyList<WaitReason> reasons = [];
    private Ending? asked;
    private string? refused;
    private ListedCallback? callback;
    private IReadOnlyList<TimelineEntry> timeline = [];
    private string? trouble;

    private enum Ending
    {
        Cancel,
        Purge,
    }

    /// <summary>The callback.</summary>
    [Parameter]
    public Guid Id { get; set; }

    /// <summary>The newest fact about each push and each decision not to send; a decision whose sends have answers is told by these.</summary>
    private List<TimelineEntry> Pushes => [.. timeline.Where(TimelineText.IsPush).Where(e => e.Kind != "push.decided" || !timeline.Any(f => IsAnswerTo(f, e)))];

    [Inject]
    private WishService Wishes { get; set; } = null!;

    private bool CanBeCancelled => callback?.Status.Callback.State is CallbackState.Scheduled or CallbackState.Queued or CallbackState.Routing;

    private bool CanBePurged => callback?.Status.Callback.State is CallbackState.Scheduled or CallbackState.Queued;

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
            var why = await Wishes.WhyAsync(Tenant, Id);
            reasons = why.Fault is null && why.Value.CallbackState != CallbackState.Completed ? why.Value.Reasons : [];
            (callback, timeline, trouble) = (found.Value, entries.Fault is null ? entries.Value : [], null);
        }
        catch (StorageException)
        {
            trouble = "The database cannot be reached. What is shown may be out of date.";
        }
    }

    /// <summary>The second of two clicks. The right is checked here too: what a page does not show can still be sent.</summary>
    private async Task EndAsync()
    {
        if (!MayEnd || asked is not { } ending) return;
        asked = null;
        try
        {
            var answer = ending == Ending.Purge ? await Wishes.PurgeAsync(Tenant, Id, UserName) : await Wishes.CancelAsync(Tenant, Id, UserName);
            refused = answer.Fault?.Detail;
        }
        catch (StorageException)
        {
            refused = "The database cannot be reached. Nothing was changed for certain; look at the state below and try again.";
        }
        await ReadAsync();
    }
}
