using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ringback.Cluster.Silo;
using Ringback.Engine;
using Ringback.Server.Telemetry;
using Ringback.Storage;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>The summaries that the compiler took from the sources with settings and problems, as markdown.</summary>
internal static partial class XmlDoc
{
    private static readonly Dictionary<string, XElement> summaries = new[] { typeof(Problems), typeof(StorageOptions), typeof(ClusterSettings), typeof(TelemetryOptions) }
        .SelectMany(type => XDocument.Load(Path.ChangeExtension(type.Assembly.Location, ".xml")).Descendants("member")).Where(m => m.Element("summary") is not null).DistinctBy(m => m.Attribute("name")!.Value).ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary")!);

    public static string Property(Type type, string name) => Summary($"P:{type.FullName}.{name}");

    public static string Field(Type type, string name) => Summary($"F:{type.FullName}.{name}");

    /// <summary>One line without the number of the rule, which means something only to who wrote the code.</summary>
    private static string Summary(string member)
    {
        Assert.True(summaries.TryGetValue(member, out var summary), $"{member} has no summary.");
        var text = string.Concat(summary!.Nodes().Select(Text));
        return Rule().Replace(Space().Replace(text, " ").Trim(), "").Replace("|", "\\|", StringComparison.Ordinal);
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{CamelCase(see.Attribute("cref")!.Value.Split('.')[^1])}`",
        XElement other => other.Value,
        _ => "",
    };

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@" \(rules? [A-F]\d+( (to|and) [A-F]\d+)?\)")]
    private static partial Regex Rule();
}
