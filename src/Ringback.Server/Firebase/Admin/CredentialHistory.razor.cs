using Microsoft.AspNetCore.Components;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Firebase.Admin;

/// <summary>Who did what with which key, the newest first (rule A6).</summary>
public sealed partial class CredentialHistory
{
    private const int PageSize = 10;

    private IReadOnlyList<CredentialEvent> entries = [];
    private bool isMore;
    private (CredentialKey, int)? shownFor;

    /// <summary>Whose credentials.</summary>
    [Parameter, EditorRequired]
    public CredentialKey Key { get; set; }

    /// <summary>Counts what the page has done; a change makes the table read itself anew.</summary>
    [Parameter, EditorRequired]
    public int Changes { get; set; }

    [Inject]
    private CredentialService Service { get; set; } = null!;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (shownFor == (Key, Changes)) return;
        shownFor = (Key, Changes);
        entries = [];
        await ReadOlderAsync();
    }

    private async Task ReadOlderAsync()
    {
        try
        {
            // One more than is shown: it says whether there are older ones.
            var read = await Service.HistoryAsync(Key, entries.Count > 0 ? entries[^1].Number : null, PageSize + 1, CancellationToken.None);
            (entries, isMore) = ([.. entries, .. read.Take(PageSize)], read.Count > PageSize);
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            isMore = true; // The button reads again.
        }
    }

    private static string ActionText(CredentialEvent entry) => entry.Action switch
    {
        CredentialAction.Stored => $"Version {entry.Version} stored and put into force, project {entry.ProjectName}",
        CredentialAction.Refused => $"Refused, nothing was changed, project {entry.ProjectName}",
        CredentialAction.Waiting => $"Version {entry.Version} stored, waits for a check, project {entry.ProjectName}",
        CredentialAction.TookOver => $"Version {entry.Version} took over",
        CredentialAction.Returned => $"Version {entry.Version} came back",
        CredentialAction.Confirmed => $"Version {entry.Version} confirmed",
        CredentialAction.Discarded => $"Version {entry.Version} discarded",
        CredentialAction.Expired => $"Version {entry.Version}, replaced, was forgotten",
        CredentialAction.Deleted => $"Version {entry.Version} deleted",
        _ => throw new InvalidOperationException(entry.Action.ToString()),
    };

    private static string ResultText(CredentialEvent entry) => (entry.Result, entry.Detail) switch
    {
        (CheckVerdict.Passed, _) => "Passed",
        (null, _) => "–",
        (_, var detail) => detail ?? "",
    };
}
