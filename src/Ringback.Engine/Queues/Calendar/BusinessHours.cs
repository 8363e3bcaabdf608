namespace Ringback.Engine.Queues.Calendar;

/// <summary>
/// When a queue is open (rule D8). All times are local to one zone, so a queue that opens at nine does so in summer and in winter. An interval reads
/// <c>09:00-17:30</c>; one that passes midnight belongs to the day on which it begins, and its end counts on: <c>22:00-26:00</c> closes at two.
/// </summary>
public sealed record BusinessHours
{
    /// <summary>IANA name of the zone of all times here, such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init => field = value ?? ""; } = "";

    /// <summary>What holds in a week without holidays and exceptions.</summary>
    public WeeklyHours Weekly { get; init => field = value ?? new(); } = new();

    /// <summary>Dates on which nothing begins; an opening of the evening before runs to its end.</summary>
    public IReadOnlyList<Holiday> Holidays { get; init => field = value ?? []; } = [];

    /// <summary>Dates with hours of their own instead of those of their day of the week.</summary>
    public IReadOnlyList<DateHours> Exceptions { get; init => field = value ?? []; } = [];
}

/// <summary>The intervals that begin on each day of the week; a day without any is closed.</summary>
public sealed record WeeklyHours
{
    /// <summary>Monday's.</summary>
    public IReadOnlyList<string> Monday { get; init => field = value ?? []; } = [];

    /// <summary>Tuesday's.</summary>
    public IReadOnlyList<string> Tuesday { get; init => field = value ?? []; } = [];

    /// <summary>Wednesday's.</summary>
    public IReadOnlyList<string> Wednesday { get; init => field = value ?? []; } = [];

    /// <summary>Thursday's.</summary>
    public IReadOnlyList<string> Thursday { get; init => field = value ?? []; } = [];

    /// <summary>Friday's.</summary>
    public IReadOnlyList<string> Friday { get; init => field = value ?? []; } = [];

    /// <summary>Saturday's.</summary>
    public IReadOnlyList<string> Saturday { get; init => field = value ?? []; } = [];

    /// <summary>Sunday's.</summary>
    public IReadOnlyList<string> Sunday { get; init => field = value ?? []; } = [];

    /// <summary>All seven, Monday first.</summary>
    internal IReadOnlyList<string>[] Days() => [Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
}

/// <summary>A date on which the queue does not open.</summary>
public sealed record Holiday
{
    /// <summary>The date, <c>2026-12-25</c>.</summary>
    public string Date { get; init => field = value ?? ""; } = "";

    /// <summary>What it is called; for people.</summary>
    public string? Name { get; init; }
}

/// <summary>A date with hours of its own.</summary>
public sealed record DateHours
{
    /// <summary>The date, <c>2026-12-24</c>.</summary>
    public string Date { get; init => field = value ?? ""; } = "";

    /// <summary>The intervals that begin on it; none = closed.</summary>
    public IReadOnlyList<string> Open { get; init => field = value ?? []; } = [];

    /// <summary>What it is called; for people.</summary>
    public string? Name { get; init; }
}
