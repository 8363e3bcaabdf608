using System.Text.RegularExpressions;

namespace Ringback.Engine.Firebase;

/// <summary>Names of Firebase apps within a tenant: they stand in addresses of the API and in the queue setting <c>firebaseApp</c>.</summary>
public static partial class FirebaseAppName
{
    /// <summary>Longest name.</summary>
    public const int MaxLength = 32;

    // The calls of an app stand beside the apps in the address.
    private static readonly string[] reserved = ["apps", "check", "confirm", "history", "next", "previous", "return", "test", "tests"];

    /// <summary>What is wrong with the name, or null.</summary>
    public static Fault? Mistake(string name) =>
        name.Length > MaxLength || !Form().IsMatch(name)
            ? Problems.CredentialInvalid.With($"The name of a Firebase app must have 1 to {MaxLength} lower-case letters, digits and hyphens and begin with a letter.")
            : reserved.Contains(name)
                ? Problems.CredentialInvalid.With($"{name} cannot be the name of a Firebase app: it is the name of a call. Choose another one.")
                : null;

    [GeneratedRegex(@"^[a-z][a-z0-9-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
