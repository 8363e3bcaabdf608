using Microsoft.AspNetCore.Components;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Callbacks.Admin;
using Ringback.Server.Delivery.Api;

namespace Ringback.Server.Delivery.Admin;

/// <summary>The live list of pushes and what became of them.</summary>
public sealed partial class DeliveriesPage
{
    private IReadOnlyList<LoggedPush>? rows;
    private string state = "", pushEvent = "", code = "", project = "";
    private string? trouble;
    private PushProjects? projects;
    private Guid? before;
    private int limit;
    private DateTimeOffset? asOf;
    private int reading;

    [Inject]
    private PushLogService Pushes { get; set; } = null!;

    [Inject]
    private CredentialService Credentials { get; set; } = null!;

    private bool HasFilter => state.Length + pushEvent.Length + code.Trim().Length + project.Trim().Length > 0;

    private bool HasOlder => rows is { Count: > 0 } && rows.Count == limit;

    private Task FilterAsync()
    {
        before = null;
        return ReadAsync();
    }

    private Task OlderAsync()
    {
        before = rows![^1].Message.NotificationId;
        return ReadAsync();
    }

    /// <inheritdoc/>
    protected override async Task ReadAsync()
    {
        var turn = ++reading;
        try
        {
            projects = await PushProjects.OfAsync(Credentials, Tenant, CancellationToken.None);
            var query = new PushQuery(Chosen, projects, Time.Now());
            var filter = query.Read();
            if (query.Fault is { } fault)
            {
                (rows, trouble) = ([], fault.Detail);
                return;
            }
            var read = await Pushes.ListAsync(Tenant, filter);
            // A slow read of an older choice must not replace a newer one.
            if (turn != reading) return;
            (rows, limit, asOf, trouble) = (read, filter.Limit, Time.Now(), null);
        }
        catch (Exception away) when (away is StorageException or ProblemException)
        {
            trouble = asOf is { } at ? $"The database cannot be reached. As of {PageText.Time(at)}" : "The database cannot be reached.";
        }
    }

    /// <summary>What was chosen, under the names of the API.</summary>
    private string? Chosen(string name) => name switch
    {
        "state" => state,
        "event" => pushEvent,
        "code" => code.Trim(),
        "project" => project.Trim(),
        "before" => before?.ToString("D"),
        _ => null,
    };
}
