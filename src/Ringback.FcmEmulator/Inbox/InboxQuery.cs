using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Ringback.FcmEmulator.Inbox;

/// <summary>Which messages a reader wants.</summary>
/// <param name="Token">Only those to this token or installation id.</param>
/// <param name="After">Only those with a greater sequence number.</param>
/// <param name="Newest">Of those only so many, the newest.</param>
/// <param name="Wait">How long to wait for the first one.</param>
internal sealed record InboxQuery(string? Token, long After, int Newest, TimeSpan Wait)
{
    private const int MaxWaitSeconds = 60;

    public static bool TryRead(IQueryCollection query, [NotNullWhen(true)] out InboxQuery? wanted, [NotNullWhen(false)] out string? problem)
    {
        wanted = null;
        problem = null;
        foreach (var (name, values) in query)
        {
            if (name is not ("token" or "after" or "last" or "waitSeconds"))
            {
                problem = $"{name} is not a parameter; there are token, after, last and waitSeconds.";
            }
            else if (values.Count != 1)
            {
                problem = $"{name} may be given once.";
            }
        }
        var after = Number(query, "after", 0, long.MaxValue, 0, ref problem);
        var newest = Number(query, "last", 1, MessageInbox.MaxMessages, MessageInbox.MaxMessages, ref problem);
        var wait = Number(query, "waitSeconds", 0, MaxWaitSeconds, 0, ref problem);
        if (problem is not null)
        {
            return false;
        }
        var token = query["token"].ToString();
        wanted = new InboxQuery(token.Length == 0 ? null : token, after, (int)newest, TimeSpan.FromSeconds(wait));
        return true;
    }

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
