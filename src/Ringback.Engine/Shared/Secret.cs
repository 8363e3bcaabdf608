using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ringback.Engine;

/// <summary>
/// A text that must never be seen: a private key, a client email, an access token. It prints as <c>[redacted]</c>, refuses
/// to be serialised, and gives its value only to a caller that says so by <see cref="Reveal"/>.
/// </summary>
[DebuggerDisplay("[redacted]")]
[JsonConverter(typeof(RefuseJson))]
public sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string value = value;

    /// <summary>Characters of the secret.</summary>
    public int Length => value.Length;

    /// <summary>The secret itself. Use it on the way to a cipher or to the wire, and nowhere else.</summary>
    public string Reveal() => value;

    /// <summary>The first <paramref name="shown"/> characters and an ellipsis, or only the ellipsis where the secret is too short to hide the rest.</summary>
    public string Mask(int shown) => value.Length >= shown * 4 ? value[..shown] + "…" : "…";

    /// <inheritdoc/>
    public override string ToString() => "[redacted]";

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && string.Equals(value, other.value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => value.GetHashCode(StringComparison.Ordinal);

    private sealed class RefuseJson : JsonConverter<Secret>
    {
        public override Secret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new JsonException("A secret is never read from JSON directly; parse a string and wrap it.");

        public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) =>
            throw new JsonException("A secret is never serialised.");
    }
}
