using System.Text.Json;
using System.Text.Json.Serialization;
using Ringback.Engine;

namespace Ringback.Cluster.Silo;

/// <summary>How an <see cref="Answer{T}"/> travels between nodes: its value, or its fault by code.</summary>
internal sealed class AnswerJson : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Answer<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed record Wire<T>(
        T? Value, string? Code, string? Detail, TimeSpan? RetryAfter, IReadOnlyDictionary<string, string>? Slots, IReadOnlyList<FieldMistake>? Mistakes);

    private sealed class Converter<T> : JsonConverter<Answer<T>>
    {
        public override Answer<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var wire = JsonSerializer.Deserialize<Wire<T>>(ref reader, options)!;
            return wire.Code is null
                ? Answer.Of(wire.Value!)
                : new Fault(Problems.ByCode(wire.Code), wire.Detail!) { RetryAfter = wire.RetryAfter, Slots = wire.Slots, Mistakes = wire.Mistakes ?? [] };
        }

        public override void Write(Utf8JsonWriter writer, Answer<T> value, JsonSerializerOptions options)
        {
            var wire = value.Fault is { } fault
                ? new Wire<T>(default, fault.Problem.Code, fault.Detail, fault.RetryAfter, fault.Slots, fault.Mistakes.Count > 0 ? fault.Mistakes : null)
                : new Wire<T>(value.Value, null, null, null, null, null);
            JsonSerializer.Serialize(writer, wire, options);
        }
    }
}
