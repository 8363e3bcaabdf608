using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Ringback.Measuring;

/// <summary>What a run came to, as a file: what was measured, when, of which commit and on which machine, and then its figures.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions indented = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>Writes it under today's date and its name, and says where.</summary>
    public static string Write(string folder, string name, string row, object figures)
    {
        Directory.CreateDirectory(folder);
        var now = TimeProvider.System.GetUtcNow();
        var result = new JsonObject { ["row"] = row, ["at"] = JsonValue.Create(now), ["commit"] = Machine.Commit(), ["machine"] = Machine.Describe() };
        foreach (var (figure, value) in JsonSerializer.SerializeToNode(figures, indented)!.AsObject()) result[figure] = value?.DeepClone();
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd}-{name}.json"));
        File.WriteAllText(path, result.ToJsonString(indented) + "\n");
        return path;
    }
}
