using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Ringback.FcmEmulator.Inbox;

/// <summary>Which messages a reader wants.</summary>
/// <param name="Token">Only those to this token or installation id.</param>
/// <param name="ProjectId">Only those sent in this project.</param>
/// <param name="Contains">Only those whose JSON, as it was sent, has this text in it.</param>
/// <param name="ValidateOnly">Only those that were checked (true) or sent (false); null for both.</param>
/// <param name="After">Only those with a greater sequence number.</param>
/// <param name="Newest">Of those only so many, the newest.</param>
/// <param name="Wait">How long to wait for the first one.</param>
internal sealed record InboxQuery(
    string? Token, string? ProjectId, byte[]? Contains, bool? ValidateOnly, long After, int Newest, TimeSpan Wait)
{
    private const int MaxWaitSeconds = 60;

    private static readonly string[] Names = ["token", "projectId", "contains", "validateOnly", "after", "last", "waitSeconds"];

    public bool Fits(InboxMessage message)
        => (Token is null || Token == message.Token)
            && (ProjectId is null || ProjectId == message.ProjectId)
            && (ValidateOnly is null || ValidateOnly == message.ValidateOnly)
            && (Contains is null || message.Json.Span.IndexOf(Contains) >= 0);

    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out InboxQuery? wanted, [NotNullWhen(false)] out string? problem)
    {
        wanted = null;
        problem = null;
        foreach (var (name, values) in query)
        {
            if (!Names.Contains(name))
            {
                problem = $"{name} is not a parameter; there are {string.Join(", ", Names)}.";
            }
            else if (values.Count != 1)
            {
                problem = $"{name} may be given once.";
            }
        }
        var after = Number(query, "after", 0, long.MaxValue, 0, ref problem);
        var newest = Number(query, "last", 1, MessageInbox.MaxMessages, MessageInbox.MaxMessages, ref problem);
        var wait = Number(query, "waitSeconds", 0, MaxWaitSeconds, 0, ref problem);
        bool? validateOnly = query["validateOnly"].ToString() switch { "" => null, "true" => true, "false" => false, _ => Refuse(ref problem) };
        if (problem is not null)
        {
            return false;
        }
        wanted = new InboxQuery(
            Text(query, "token"), Text(query, "projectId"), Text(query, "contains") is { } part ? Encoding.UTF8.GetBytes(part) : null,
            validateOnly, after, (int)newest, TimeSpan.FromSeconds(wait));
        return true;
    }

    private static bool? Refuse(ref string? problem)
    {
        problem ??= "validateOnly must be true or false.";
        return null;
    }

    private static string? Text(IQueryCollection query, string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    private static long Number(IQueryCollection query, string name, long lowest, long highest, long absent, ref string? problem)
    {
        if (!query.TryGetValue(name, out var text))
        {
            return absent;
        }
        if (long.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= lowest && number <= highest)
        {
            return number;
        }
        problem ??= highest == long.MaxValue
            ? $"{name} must be a whole number from {lowest} up."
            : $"{name} must be a whole number from {lowest} to {highest}.";
        return absent;
    }
}
