namespace Ringback.Engine.Queues;

/// <summary>What the agent side reports about a queue (rule D4).</summary>
public sealed record QueueReport
{
    /// <summary>Agents who are logged in, busy or not.</summary>
    public required int AgentsLoggedIn { get; init; }

    /// <summary>Agents who could take a call now.</summary>
    public required int AgentsReady { get; init; }

    /// <summary>Live interactions that wait in the line of the PBX.</summary>
    public required int InteractionsWaiting { get; init; }

    /// <summary>Mean handling time of one interaction in seconds; 0 = not known.</summary>
    public required double MeanHandlingSeconds { get; init; }

    /// <summary>Live interactions that left the line since the report before, answered or given up.</summary>
    public required int Departures { get; init; }

    /// <summary>Wait of a new arrival in seconds by an outside statistics source, for mode3.</summary>
    public double? ReportedEwtSeconds { get; init; }

    /// <summary>When the figures were true; an older one than the last is ignored.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>The sender's id of this report: the same id is applied once.</summary>
    public string? ReportId { get; init; }
}

/// <summary>The live side of a queue as far as reports tell it. Immutable; a report makes the next one.</summary>
public sealed record LiveState
{
    /// <summary>The mode1 rate looks back on at most this many departures (rule D3).</summary>
    public const int DeparturesKept = 32;

    private const int ReportIdsKept = 32;

    /// <summary>Agents who are logged in.</summary>
    public int AgentsLoggedIn { get; init; }

    /// <summary>Agents who could take a call.</summary>
    public int AgentsReady { get; init; }

    /// <summary>Live interactions in line.</summary>
    public int InteractionsWaiting { get; init; }

    /// <summary>Mean handling time in seconds; 0 = not known.</summary>
    public double MeanHandlingSeconds { get; init; }

    /// <summary>Live interactions that have left since the queue was made.</summary>
    public long DeparturesTotal { get; init; }

    /// <summary>Instants of the last departures, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> RecentDepartures { get; init; } = [];

    /// <summary>Outside figure for a new arrival in seconds.</summary>
    public double? ReportedEwtSeconds { get; init; }

    /// <summary>When the last report was true, or null before the first one.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>Ids of the last reports, so that a repeated one is applied once.</summary>
    public IReadOnlyList<string> RecentReportIds { get; init; } = [];

    /// <summary>
    /// Where a callback that arrives now stands among live interactions: it has <see cref="LiveAhead"/> of this number ahead, a figure that only falls.
    /// </summary>
    public long TicketForArrival => DeparturesTotal + InteractionsWaiting;

    /// <summary>Live interactions ahead of a callback (rule D2): later live calls never push it back.</summary>
    public int LiveAhead(long ticket) => (int)Math.Clamp(ticket - DeparturesTotal, 0, InteractionsWaiting);

    /// <summary>The state after <paramref name="report"/>, or this one where the report is a repetition or out of date.</summary>
    public LiveState After(QueueReport report, DateTimeOffset now)
    {
        if (report.ReportId is { } id && RecentReportIds.Contains(id)) return this;
        var at = report.ReportedAt ?? now;
        if (report.ReportedAt is not null && at < ReportedAt) return this;
        return new LiveState
        {
            AgentsLoggedIn = report.AgentsLoggedIn,
            AgentsReady = report.AgentsReady,
            InteractionsWaiting = report.InteractionsWaiting,
            MeanHandlingSeconds = report.MeanHandlingSeconds,
            DeparturesTotal = DeparturesTotal + report.Departures,
            RecentDepartures = WithDepartures(report.Departures, at),
            ReportedEwtSeconds = report.ReportedEwtSeconds,
            ReportedAt = at,
            RecentReportIds = report.ReportId is { } newId ? [.. RecentReportIds.TakeLast(ReportIdsKept - 1), newId] : RecentReportIds,
        };
    }

    /// <summary>A report says how many left, not when: they are spread evenly over the time since the report before.</summary>
    private IReadOnlyList<DateTimeOffset> WithDepartures(int count, DateTimeOffset at)
    {
        if (count == 0) return RecentDepartures;
        var since = at - (ReportedAt ?? at);
        var added = Math.Min(count, DeparturesKept);
        var instants = Enumerable.Range(count - added + 1, added).Select(i => at - (since * (count - i) / count));
        return [.. RecentDepartures.Concat(instants).TakeLast(DeparturesKept)];
    }
}
