using Ringback.Engine.Delivery;

namespace Ringback.Engine.Callbacks;

/// <summary>A push target with its address, which only an export shows: there it is the customer's own.</summary>
/// <param name="Ordinal">Which of the callback's targets, counted from 0.</param>
/// <param name="Target">The address.</param>
/// <param name="State">What is known of it.</param>
/// <param name="StateAt">Since when, where that was written down.</param>
public sealed record KeptTarget(int Ordinal, PushTarget Target, TargetState State, DateTimeOffset? StateAt);

/// <summary>Everything that is kept about one callback.</summary>
/// <param name="Stored">Its stored state.</param>
/// <param name="Details">What the create request said beyond that.</param>
/// <param name="Targets">Its push targets.</param>
/// <param name="Attempts">The calls that were made, in order.</param>
/// <param name="CallIns">Call-in data that were given out for it, in order.</param>
/// <param name="Pushes">Its pushes, those of the history too, in order of decision.</param>
/// <param name="Timeline">Its timeline.</param>
public sealed record KeptCallback(
    StoredCallback Stored, CallbackDetails Details, IReadOnlyList<KeptTarget> Targets, IReadOnlyList<AttemptRecord> Attempts, IReadOnlyList<CallInRecord> CallIns,
    IReadOnlyList<LoggedPush> Pushes, IReadOnlyList<TimelineEntry> Timeline);

/// <summary>A page of what is kept about a phone number.</summary>
/// <param name="PhoneNumber">The number in E.164.</param>
/// <param name="Callbacks">Callbacks that hold it, the oldest first.</param>
/// <param name="CallIns">Call-in requests without a callback that hold it, the oldest first.</param>
/// <param name="Next">After what the next page begins; null where this is the last.</param>
public sealed record KeptData(string PhoneNumber, IReadOnlyList<KeptCallback> Callbacks, IReadOnlyList<CallInRecord> CallIns, Guid? Next);
