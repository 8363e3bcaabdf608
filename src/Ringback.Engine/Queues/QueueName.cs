namespace Ringback.Engine.Queues;

/// <summary>What a queue may be called.</summary>
public static class QueueName
{
    /// <summary>Longest name.</summary>
    public const int MaxLength = 255;

    /// <summary>What is wrong with a name, or null. The words that stand in the API's addresses where a name may stand are no names.</summary>
    public static string? MistakeOf(string name) => name switch
    {
        _ when name.Length is 0 or > MaxLength || name.Any(char.IsControl) => $"must have 1 to {MaxLength} characters and no control characters",
        "import" or "export" => "must not be import or export, which are addresses of the API",
        _ => null,
    };
}
