namespace Ringback.Engine.Notifications;

/// <summary>Title and body of a push as somebody wrote them, with placeholders such as <c>{queue}</c>.</summary>
public sealed record PushText
{
    /// <summary>Longest title as written, in characters.</summary>
    public const int MaxTitleLength = 120;

    /// <summary>Longest body as written, in characters.</summary>
    public const int MaxBodyLength = 600;

    /// <summary>The headline; 1 to 120 characters.</summary>
    public string Title { get; init; } = "";

    /// <summary>What is said below it; 1 to 600 characters.</summary>
    public string Body { get; init; } = "";

    internal static PushText Of(string title, string body) => new() { Title = title, Body = body };
}
