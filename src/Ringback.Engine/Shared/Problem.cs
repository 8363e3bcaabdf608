namespace Ringback.Engine;

/// <summary>One kind of error that a caller can see. Identified by its code for ever; the words may change.</summary>
/// <param name="Code">Stable and dotted, such as <c>callback.not_found</c>.</param>
/// <param name="Status">HTTP status of the management API and of the engagement API.</param>
/// <param name="EngagementCode">Status code in the envelope of <c>/engagement/v3</c>, as the published widgets know it.</param>
/// <param name="Title">What went wrong, one sentence, without data.</param>
public sealed record Problem(string Code, int Status, int EngagementCode, string Title);

/// <summary>One mistake of a request that may have several.</summary>
/// <param name="Field">The field as its sender knows it, dotted where it is nested; empty where the mistake is of the whole.</param>
/// <param name="Message">What is wrong with it, to be read after the field's name; holds no secret, token or phone number.</param>
public sealed record FieldMistake(string Field, string Message)
{
    /// <summary>Line of the file that was sent, counted from 1.</summary>
    public int? Line { get; init; }

    /// <summary>The mistake as a sentence.</summary>
    public string Sentence => $"{(Line is { } line ? $"Line {line}: " : "")}{(Field.Length > 0 ? $"{Field} " : "")}{Message}.";
}

/// <summary>A problem that happened: its kind and what to do about it.</summary>
/// <param name="Problem">The kind, from <see cref="Problems"/>.</param>
/// <param name="Detail">What was wrong and what to do, for a person; never holds a secret, a token or a phone number.</param>
public sealed record Fault(Problem Problem, string Detail)
{
    /// <summary>When to try again, for problems that pass by themselves.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Every mistake by its field, where the request was looked at as a whole.</summary>
    public IReadOnlyList<FieldMistake> Mistakes { get; init; } = [];

    /// <summary>Times that are free instead, in order: start of the slot in UTC to how many callbacks it takes yet. Only where the wire contract gives them.</summary>
    public IReadOnlyDictionary<string, string>? Slots { get; init; }
}

/// <summary>Either a value or the fault that prevented it. What a rule refuses is an answer, not an exception.</summary>
public readonly record struct Answer<T>
{
    private readonly T? value;

    private Answer(T? value, Fault? fault) => (this.value, Fault) = (value, fault);

    /// <summary>Why there is no value, or null.</summary>
    public Fault? Fault { get; }

    /// <summary>The value; reading it where <see cref="Fault"/> is set is a bug and throws.</summary>
    public T Value => Fault is null ? value! : throw new InvalidOperationException($"No value: {Fault.Problem.Code}");

    /// <summary>The fault's code, or that there is a value; never the value itself, which may be a customer's.</summary>
    public override string ToString() => Fault is null ? $"a {typeof(T).Name}" : Fault.Problem.Code;

    internal static Answer<T> Of(T value) => new(value, null);

    /// <summary>An answer that holds a value.</summary>
    public static implicit operator Answer<T>(T value) => new(value, null);

    /// <summary>An answer that holds a fault.</summary>
    public static implicit operator Answer<T>(Fault fault) => new(default, fault);
}

/// <summary>Makes answers whose type the compiler cannot convert by itself: interfaces take no user-defined conversions.</summary>
public static class Answer
{
    /// <summary>An answer that holds a value.</summary>
    public static Answer<T> Of<T>(T value) => Answer<T>.Of(value);
}

/// <summary>Thrown where a fault ends a request outside the rules: an unreadable body, a storage outage.</summary>
public sealed class ProblemException(Fault fault, Exception? inner = null) : Exception(fault.Detail, inner)
{
    /// <summary>The fault to answer with.</summary>
    public Fault Fault { get; } = fault;
}
