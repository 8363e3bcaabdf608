using System.Text.Json.Serialization;

namespace Ringback.Engine.Callbacks;

/// <summary>What the agent side reports of an attempt (docs/api).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AttemptOutcome>))]
public enum AttemptOutcome
{
    /// <summary>Customer and agent speak.</summary>
    [JsonStringEnumMemberName("CONNECTED")]
    Connected = 1,

    /// <summary>Nobody answered.</summary>
    [JsonStringEnumMemberName("NO_ANSWER")]
    NoAnswer = 2,

    /// <summary>The line was busy.</summary>
    [JsonStringEnumMemberName("BUSY")]
    Busy = 3,

    /// <summary>The customer refused the call.</summary>
    [JsonStringEnumMemberName("DECLINED")]
    Declined = 4,

    /// <summary>An answering machine.</summary>
    [JsonStringEnumMemberName("MACHINE")]
    Machine = 5,

    /// <summary>The number does not exist; ends the callback.</summary>
    [JsonStringEnumMemberName("INVALID_NUMBER")]
    InvalidNumber = 6,

    /// <summary>The call never left the centre; uses no attempt up.</summary>
    [JsonStringEnumMemberName("TRUNK_ERROR")]
    TrunkError = 7,

    /// <summary>The agent side never dialled; the callback goes back to its place.</summary>
    [JsonStringEnumMemberName("NOT_DIALLED")]
    NotDialled = 8,

    /// <summary>The conversation is over.</summary>
    [JsonStringEnumMemberName("COMPLETED")]
    Completed = 9,
}

/// <summary>How an attempt stands.</summary>
public enum AttemptState
{
    /// <summary>Handed out, no outcome yet.</summary>
    Live = 0,

    /// <summary>Connected; COMPLETED is to follow.</summary>
    Connected = 1,

    /// <summary>Its lease ended without an outcome; a late one is still taken.</summary>
    Unknown = 2,

    /// <summary>Over.</summary>
    Ended = 3,
}

/// <summary>One outbound call to the customer, as stored.</summary>
public sealed record AttemptRecord
{
    /// <summary>Its id, given to the agent side.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whom it calls.</summary>
    public required Guid CallbackId { get; init; }

    /// <summary>Which attempt of the callback this is, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Name of the agent who took it.</summary>
    public required string Agent { get; init; }

    /// <summary>How it stands.</summary>
    public required AttemptState State { get; init; }

    /// <summary>The last outcome reported.</summary>
    public AttemptOutcome? Outcome { get; init; }

    /// <summary>When it was handed out.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the lease ends (live) or ended (unknown).</summary>
    public required DateTimeOffset LeaseEndsAt { get; init; }

    /// <summary>When it was over.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What the last outcome was answered with, so that a repetition gets the same.</summary>
    public OutcomeAnswer? Answer { get; init; }
}

/// <summary>What became of the callback by an outcome.</summary>
/// <param name="CallbackState">Its state.</param>
/// <param name="CallbackReason">Why it is over, if it is.</param>
/// <param name="NextAttemptAt">When it is called again, if it is.</param>
public sealed record OutcomeAnswer(CallbackState CallbackState, CompletionReason? CallbackReason, DateTimeOffset? NextAttemptAt);

/// <summary>Outcomes as words.</summary>
public static class AttemptOutcomes
{
    /// <summary>The word of docs/api, such as <c>NO_ANSWER</c>.</summary>
    public static string Wire(this AttemptOutcome outcome) => outcome switch
    {
        AttemptOutcome.Connected => "CONNECTED",
        AttemptOutcome.NoAnswer => "NO_ANSWER",
        AttemptOutcome.Busy => "BUSY",
        AttemptOutcome.Declined => "DECLINED",
        AttemptOutcome.Machine => "MACHINE",
        AttemptOutcome.InvalidNumber => "INVALID_NUMBER",
        AttemptOutcome.TrunkError => "TRUNK_ERROR",
        AttemptOutcome.NotDialled => "NOT_DIALLED",
        AttemptOutcome.Completed => "COMPLETED",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
