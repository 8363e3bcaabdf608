using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Ringback.FcmEmulator.Send;

/// <summary>What a field of the message may hold, in terms of Google's JSON mapping of protocol buffers.</summary>
internal abstract record FieldKind
{
    private FieldKind()
    {
    }

    /// <summary>The type as Google's error texts name it.</summary>
    public abstract string TypeName { get; }

    public sealed record Text : FieldKind
    {
        public override string TypeName => "TYPE_STRING";
    }

    public sealed record Flag : FieldKind
    {
        public override string TypeName => "TYPE_BOOL";
    }

    public sealed record WholeNumber : FieldKind
    {
        public override string TypeName => "TYPE_INT32";
    }

    public sealed record Fraction : FieldKind
    {
        public override string TypeName => "TYPE_FLOAT";
    }

    /// <summary>Seconds with an <c>s</c>, as in <c>3.5s</c>.</summary>
    public sealed record Duration : FieldKind
    {
        public override string TypeName => "type.googleapis.com/google.protobuf.Duration";
    }

    public sealed record Timestamp : FieldKind
    {
        public override string TypeName => "type.googleapis.com/google.protobuf.Timestamp";
    }

    /// <summary>One of the names of an enumeration.</summary>
    public sealed record OneOf(string TypeName, params string[] Values) : FieldKind
    {
        public override string TypeName { get; } = "type.googleapis.com/google.firebase.fcm.v1." + TypeName;
    }

    /// <summary>An object of text fields with free names.</summary>
    public sealed record TextMap : FieldKind
    {
        public override string TypeName => "TYPE_STRING";
    }

    public sealed record ListOf(FieldKind Item) : FieldKind
    {
        public override string TypeName => Item.TypeName;
    }

    /// <summary>Any JSON object: it goes to Apple or to the browser as it is.</summary>
    public sealed record FreeObject : FieldKind
    {
        public override string TypeName => "type.googleapis.com/google.protobuf.Struct";
    }

    /// <summary>A message type with known fields.</summary>
    public sealed record Record(string Name, params Field[] Fields) : FieldKind
    {
        private readonly FrozenDictionary<string, Field>.AlternateLookup<ReadOnlySpan<char>> _byName = Fields
            .SelectMany(field => new[] { (field.Name, field), (CamelCase(field.Name), field) })
            .DistinctBy(pair => pair.Item1)
            .ToFrozenDictionary(pair => pair.Item1, pair => pair.field, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

        public override string TypeName => "type.googleapis.com/google.firebase.fcm.v1." + Name;

        /// <summary>The mapping takes both <c>fcm_options</c> and <c>fcmOptions</c>; the official SDKs differ in which one they send.</summary>
        public Field? Find(JsonProperty property)
        {
            var utf8 = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8PropertyName(property);
            Span<char> name = stackalloc char[64];
            return utf8.Length <= name.Length && Encoding.UTF8.TryGetChars(utf8, name, out var length) && _byName.TryGetValue(name[..length], out var field)
                ? field
                : null;
        }

        private static string CamelCase(string name)
            => string.Concat(name.Split('_').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
    }
}

/// <summary>A field by its name in the reference, in snake case.</summary>
internal sealed record Field(string Name, FieldKind Kind);
