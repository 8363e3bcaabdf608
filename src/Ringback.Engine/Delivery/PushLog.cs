namespace Ringback.Engine.Delivery;

/// <summary>A push as somebody may see it who looks after the site: all but the address.</summary>
public sealed record LoggedPush
{
    /// <summary>What it says.</summary>
    public required PushMessage Message { get; init; }

    /// <summary>Which of several events of this name; below 0 where somebody sent it again: −1 the first time.</summary>
    public required int Round { get; init; }

    /// <summary>Which of the callback's push targets, counted from 0.</summary>
    public required int TargetOrdinal { get; init; }

    /// <summary>How it stands.</summary>
    public required OutboxState State { get; init; }

    /// <summary>Sends made so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>While it is pending: when it is due, or the end of the lease under which a process is sending it.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Whether a process holds it to send it.</summary>
    public bool IsLeased { get; init; }

    /// <summary>The last answer: an error code, the push service's name of the message, or a code of ours.</summary>
    public string? LastCode { get; init; }

    /// <summary>When that answer came.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Where it goes, as far as anybody may see it; null where the target was erased.</summary>
    public MaskedTarget? Target { get; init; }

    /// <summary>The Firebase project that took it, told by the name of the message; null for any other push.</summary>
    public string? AcceptedBy => State == OutboxState.Accepted && LastCode?.Split('/') is ["projects", var project, ..] ? project : null;
}

/// <summary>A push target of which the address is hidden.</summary>
/// <param name="Type">Kind of address.</param>
/// <param name="Beginning">The first characters of the address: no more come out of the database.</param>
/// <param name="Length">Length of the address in characters.</param>
/// <param name="State">Whether it still lives.</param>
public sealed record MaskedTarget(PushTargetType Type, string Beginning, int Length, TargetState State)
{
    /// <summary>How many characters of an address are shown at most.</summary>
    public const int Shown = 6;

    /// <summary>A few characters, and fewer of a short address: enough to compare with one that somebody knows, too few to use.</summary>
    public string Address => string.Concat(Beginning.AsSpan(0, Math.Min(Beginning.Length, Math.Min(Shown, Length / 4))), "…");
}

/// <summary>A Firebase project, and which pushes that nobody has taken yet are for it.</summary>
/// <param name="Name">The project ID.</param>
/// <param name="IsOfDefaultApp">Whether the credentials of the tenant's default app are for it.</param>
/// <param name="App">A named app of the tenant whose credentials are for it; null where there is none.</param>
public sealed record PushProject(string Name, bool IsOfDefaultApp, string? App);

/// <summary>Which pushes a list shows, the newest first.</summary>
public sealed record PushFilter
{
    /// <summary>Only those that stand so.</summary>
    public OutboxState? State { get; init; }

    /// <summary>Only those of this event.</summary>
    public string? Event { get; init; }

    /// <summary>Only those whose last answer was this code.</summary>
    public string? Code { get; init; }

    /// <summary>Only those of this Firebase project: the one that took them, or would.</summary>
    public PushProject? Project { get; init; }

    /// <summary>Only those of this callback.</summary>
    public Guid? CallbackId { get; init; }

    /// <summary>Only those that were decided at or after this.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Only older ones than this: the last of the page before.</summary>
    public Guid? Before { get; init; }

    /// <summary>How many at most.</summary>
    public int Limit { get; init; } = 25;
}

/// <summary>Reads pushes for people, and takes their wish to send one again.</summary>
public interface IPushLogStore
{
    /// <summary>The tenant's pushes that fit, the newest first.</summary>
    Task<IReadOnlyList<LoggedPush>> ListAsync(TenantId tenant, PushFilter filter);

    /// <summary>One push; null where the tenant has none of that id.</summary>
    Task<LoggedPush?> FindAsync(TenantId tenant, Guid notificationId);

    /// <summary>
    /// Adds the row that <paramref name="judge"/> makes of a push and of all pushes to the same target of the same callback, in one transaction with the look at them. Null where the tenant has no such push.
    /// </summary>
    Task<Answer<OutboxRow>?> SendAgainAsync(TenantId tenant, Guid notificationId, Func<LoggedPush, IReadOnlyList<LoggedPush>, Answer<OutboxRow>> judge, string by);
}
