using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ringback.Measuring;

/// <summary>What a run came to, as a file: what was measured, when, of which commit and on which machine, and then its figures.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions indented = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Writes it under today's date and its name.</summary>
    public static void Write(string folder, string name, string row, object figures)
    {
        Directory.CreateDirectory(folder);
        var now = TimeProvider.System.GetUtcNow();
        var result = new JsonObject { ["row"] = row, ["at"] = JsonValue.Create(now), ["commit"] = Machine.Commit(), ["machine"] = Machine.Describe() };
        foreach (var (figure, value) in JsonSerializer.SerializeToNode(figures, indented)!.AsObject()) result[figure] = value?.DeepClone();
        File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd}-{name}.json")), result.ToJsonString(indented) + "\n");
    }
}
