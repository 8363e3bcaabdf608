using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Ringback.Engine;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>The pages of docs/api tell of exactly the calls and events that there are.</summary>
public sealed class ApiDocTests
{
    private static readonly MarkdownPage calls = Repository.Page("docs/api/README.md");

    [Fact]
    public async Task Every_call_of_the_server_is_described_and_no_other() => Assert.Equal(await RoutesAsync(), Described(calls));

    [Fact]
    public async Task A_call_that_is_not_described_is_noticed() =>
        Assert.NotEqual(await RoutesAsync(), Described(new MarkdownPage("docs/api/README.md", "### `GET /healthz`\n### `GET /nowhere`\n")));

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/api/push-events.md")]
    public void Every_event_is_described(string file) => Assert.Equal(PushEvents.All.Order(StringComparer.Ordinal), Events(Repository.Page(file)));

    [Fact]
    public void An_event_that_is_not_described_is_noticed() =>
        Assert.NotEqual(PushEvents.All.Order(StringComparer.Ordinal), Events(new MarkdownPage("x.md", "| `CALLBACK_READY` | now |\n| `CALLBACK_WHAT` | never |\n")));

    private static async Task<IEnumerable<string>> RoutesAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ringback-docs-").FullName;
        try
        {
            await using var app = ServerHost.Build(new ServerOptions { DataDirectory = folder }, TimeProvider.System);
            return [.. ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(IsCall)
                .SelectMany(e => e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => $"{method} /{e.RoutePattern.RawText!.Trim('/')}"))
                .Order(StringComparer.Ordinal)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The pages and what they load are no calls.</summary>
    private static bool IsCall(RouteEndpoint endpoint) =>
        endpoint.RoutePattern.RawText!.Trim('/') is var path
        && (path.StartsWith("engagement/", StringComparison.Ordinal) || path.StartsWith("management/", StringComparison.Ordinal) || path is "healthz" or "readyz");

    private static IEnumerable<string> Described(MarkdownPage page) => page.Headings(3).Where(h => h.StartsWith('`')).Select(h => h.Trim('`')).Order(StringComparer.Ordinal);

    /// <summary>The first cell of every table row that begins with an event.</summary>
    private static IEnumerable<string> Events(MarkdownPage page) =>
        MarkdownPage.Rows(page.Text).SelectMany(row => MarkdownPage.SpansIn(row[0]).Take(1)).Where(name => name.StartsWith("CALLBACK_", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal);
}
