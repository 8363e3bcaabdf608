using System.Text.RegularExpressions;

namespace Ringback.Engine.Firebase;

/// <summary>
/// The piece of JavaScript that the Firebase console shows for a web app (<c>const firebaseConfig = {…}</c>), or the same as JSON. It is read by pattern, never run.
/// </summary>
/// <param name="Values">What it holds; absent ones are empty.</param>
/// <param name="ProjectId">The project it belongs to, or empty.</param>
public sealed partial record FirebaseConfigSnippet(WebAppValues Values, string ProjectId)
{
    /// <summary>The console's snippet has about 700 characters.</summary>
    public const int MaxLength = 8_192;

    /// <summary>The snippet in a text, or null where it holds neither App ID nor API key.</summary>
    public static FirebaseConfigSnippet? Read(string text)
    {
        if (text.Length > MaxLength) return null;
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match pair in Pair().Matches(text)) found.TryAdd(pair.Groups["name"].Value, pair.Groups["value"].Value);
        return found.ContainsKey("appId") || found.ContainsKey("apiKey")
            ? new FirebaseConfigSnippet(new WebAppValues(Of("appId"), Of("apiKey"), Of("messagingSenderId"), Of("vapidKey")), Of("projectId"))
            : null;

        string Of(string name) => found.GetValueOrDefault(name, "");
    }

    [GeneratedRegex("""\b(?<name>appId|apiKey|messagingSenderId|projectId|vapidKey)["']?\s{0,9}:\s{0,9}["'](?<value>[^"'\r\n\\]{1,200})["']""", RegexOptions.CultureInvariant)]
    private static partial Regex Pair();
}
