using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;

namespace Ringback.Browser.Tests.Admin;

/// <summary>axe-core, as npm put it beside the tests.</summary>
internal static class Axe
{
    private static readonly Lazy<string> script = new(() => File.ReadAllText(Path.Combine(
        typeof(Axe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AxeFolder").Value!, "node_modules", "axe-core", "axe.min.js")));

    /// <summary>The serious and critical violations of the page as it stands, one line each.</summary>
    public static async Task<IReadOnlyList<string>> SeriousAsync(IPage page)
    {
        await page.EvaluateAsync(script.Value);
        var found = await page.EvaluateAsync<JsonElement>("async () => (await axe.run(document, { resultTypes: ['violations'] })).violations");
        return Serious(found);
    }

    /// <summary>The same in Firefox.</summary>
    public static async Task<IReadOnlyList<string>> SeriousAsync(BidiClient page, CancellationToken cancellation) => Serious(JsonSerializer.SerializeToElement(await page.EvaluateAsync(
        $"(() => {{ {script.Value}; return axe.run(document, {{ resultTypes: ['violations'] }}).then((found) => found.violations); }})()", cancellation)));

    private static IReadOnlyList<string> Serious(JsonElement found) =>
        [
            .. found.EnumerateArray().Where(v => v.GetProperty("impact").GetString() is "serious" or "critical").Select(v =>
                $"{v.GetProperty("id").GetString()}: {string.Join(" | ", v.GetProperty("nodes").EnumerateArray().Select(n => n.GetProperty("html").GetString()))}"),
        ];
}
