using Microsoft.AspNetCore.Components.Forms;
using MudBlazor;
using Ringback.Engine;
using Ringback.Engine.Queues;
using Ringback.Server.Queues.Api;

namespace Ringback.Server.Queues.Admin;

/// <summary>The settings table: every queue, import and export (rule C2).</summary>
public sealed partial class SettingsPage
{
    /// <summary>More than a person reads on a page; the command line and the API give all of them.</summary>
    private const int MostShown = 200;

    private IReadOnlyList<StoredQueue>? queues;
    private string fileName = "";
    private SettingsTable? table;
    private ImportReport? report;
    private Fault? refusal;

    /// <inheritdoc/>
    protected override async Task ReadAsync() => (queues, Trouble) = (await Queues.ListAsync(Tenant), null);

    private static bool ChangesAnything(ImportReport report) => report.Queues.Any(q => q.Action != ImportAction.Unchanged);

    private static string Summary(ImportReport report) => !ChangesAnything(report) ? "every queue is as the file says; there is nothing to import." :
        $"{report.Queues.Count(q => q.Action == ImportAction.Added)} to add, {report.Queues.Count(q => q.Action == ImportAction.Changed)} to change, {report.Queues.Count(q => q.Action == ImportAction.Unchanged)} unchanged.";

    private Task ChooseAsync(InputFileChangeEventArgs chosen) => EditAsync(async () =>
    {
        Forget();
        fileName = chosen.File.Name;
        using var file = new MemoryStream();
        // One byte more than is read, so that the reader of the file says that it is too large.
        if (chosen.File.Size > SettingsTable.MaxBytes) file.SetLength(SettingsTable.MaxBytes + 1);
        else
        {
            await using var stream = chosen.File.OpenReadStream(SettingsTable.MaxBytes);
            await stream.CopyToAsync(file);
        }
        var read = SettingsTransfer.Read(file.ToArray(), null);
        var answer = await Service.ImportAsync(Tenant, read, UserName, dryRun: true);
        if (answer.Fault is { } fault) refusal = fault;
        else (table, report) = (read, answer.Value);
    });

    private Task ImportAsync() => EditAsync(async () =>
    {
        var answer = await Service.ImportAsync(Tenant, table!, UserName, dryRun: false);
        Forget();
        if (answer.Fault is { } fault) refusal = fault;
        else Toast($"{answer.Value.Written.Count} queues were written.");
        await ReadAsync();
    });

    private void Forget() => (table, report, refusal) = (null, null, null);
}
