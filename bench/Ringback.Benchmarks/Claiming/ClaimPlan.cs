namespace Ringback.Benchmarks.Claiming;

/// <summary>What a database says it does for a claim and for the look before it.</summary>
/// <param name="Lines">The plans, as the database prints them.</param>
/// <param name="Work">How much work a claim was, in a measure that does not depend on the clock.</param>
/// <param name="WorkIs">The measure.</param>
/// <param name="Tolerance">By what part the work may differ between two databases with the same pending pushes.</param>
/// <param name="Complaints">What is wrong with the plan by itself.</param>
internal sealed record ClaimPlan(IReadOnlyList<string> Lines, long Work, string WorkIs, double Tolerance, IReadOnlyList<string> Complaints)
{
    /// <summary>The index that holds pending pushes and no others.</summary>
    public const string Index = "ix_outbox_pending";

    /// <summary>What is wrong: with the plan, or with its work beside that on a database without finished pushes.</summary>
    public IReadOnlyList<string> ComplaintsAgainst(ClaimPlan withoutFinished) => Work <= withoutFinished.Work * (1 + Tolerance)
        ? Complaints
        : [.. Complaints, $"it is more work beside finished pushes than without them"];
}
