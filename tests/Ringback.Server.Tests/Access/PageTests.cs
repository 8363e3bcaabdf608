using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Access;

namespace Ringback.Server.Tests.Access;

/// <summary>Every page against every role, from the list of routes (rule A1). A page that is new here must be entered.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private const string SignIn = "/sign-in";
    private static readonly UserRole[] everybody = Enum.GetValues<UserRole>();
    private static readonly UserRole[] seers = [UserRole.Administrator, UserRole.Supervisor];
    private static readonly UserRole[] developers = [UserRole.Administrator, UserRole.Developer];

    private static readonly Dictionary<string, UserRole[]> allowed = new(StringComparer.Ordinal)
    {
        ["/admin/callbacks"] = everybody,
        ["/admin/callbacks/{Id:guid}"] = everybody,
        ["/admin/deliveries"] = everybody,
        ["/admin/deliveries/{Id:guid}"] = everybody,
        ["/admin/developer/credentials/push-notification"] = developers,
        ["/admin/settings"] = seers,
        ["/admin/settings/add"] = seers,
        ["/admin/settings/{Id:int}"] = seers,
        ["/admin/settings/{Id:int}/texts"] = seers,
    };

    private TestSite site = null!;

    public async ValueTask InitializeAsync() => site = await TestSite.StartAsync(provision: false);

    public ValueTask DisposeAsync() => site.DisposeAsync();

    [Fact]
    public void Every_page_is_known_here_and_has_a_policy_of_its_own()
    {
        Assert.Equal(allowed.Keys.Append(SignIn).Order(StringComparer.Ordinal), Pages().Select(p => p.Route).Order(StringComparer.Ordinal));
        Assert.Equal([SignIn], Pages().Where(p => !HasPolicy(p.Type)).Select(p => p.Route));
        Assert.False(HasPolicy(typeof(PageWithoutPolicy)));
    }

    [Fact]
    public async Task Every_role_gets_its_pages_and_is_refused_the_others_whole()
    {
        foreach (var role in everybody)
        {
            using var visitor = new PageVisitor(site.ServerAddress);
            using var welcome = await visitor.SignInAsync(await site.AddUserAsync(role));
            Assert.Equal((HttpStatusCode.Found, "/"), (welcome.StatusCode, Address(welcome)));
            foreach (var (route, roles) in allowed)
            {
                using var answer = await visitor.GetAsync(Sample(route));
                var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.Equal((route, role, roles.Contains(role) ? HttpStatusCode.OK : HttpStatusCode.Forbidden), (route, role, answer.StatusCode));
                Assert.Equal(roles.Contains(role), page.Contains("blazor.web", StringComparison.Ordinal));
                Assert.Equal(!roles.Contains(role), page.Contains("You may not see this page", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_sent_to_the_sign_in_page_and_back()
    {
        foreach (var path in allowed.Keys.Select(Sample).Append("/"))
        {
            using var visitor = new PageVisitor(site.ServerAddress);
            using var answer = await visitor.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Found, $"/sign-in?returnUrl={Uri.EscapeDataString(path)}"), (path, answer.StatusCode, Address(answer)));
        }
    }

    [Fact]
    public async Task The_circuit_cannot_be_opened_without_a_session()
    {
        using var visitor = new PageVisitor(site.ServerAddress);
        using var answer = await visitor.PostAsync("/_blazor/negotiate?negotiateVersion=1", []);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_session_opens_no_api_and_a_key_opens_no_page()
    {
        using var visitor = new PageVisitor(site.ServerAddress);
        (await visitor.SignInAsync(await site.AddUserAsync(UserRole.Administrator))).Dispose();
        using var api = await visitor.GetAsync("/management/v1/credentials/firebase");
        Assert.Equal(HttpStatusCode.Unauthorized, api.StatusCode);
        Assert.Equal("application/problem+json", api.Content.Headers.ContentType!.MediaType);
        // The client goes where it is sent to.
        Assert.Contains("<h1>Sign in</h1>", (await site.Home.SendAsync(HttpMethod.Get, "/admin/callbacks", key: site.Home.Keys.Management)).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/admin/callbacks", 302)]
    [InlineData("/sign-in", 200)]
    [InlineData("/nowhere", 404)]
    [InlineData("/ringback.css", 200)]
    [InlineData("/healthz", 200)]
    [InlineData("/management/v1/nowhere", 404)]
    public async Task Every_answer_forbids_foreign_scripts_and_frames(string path, int status)
    {
        using var visitor = new PageVisitor(site.ServerAddress);
        using var answer = await visitor.GetAsync(path);
        Assert.Equal(status, (int)answer.StatusCode);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        var rules = policy.Split(';', StringSplitOptions.TrimEntries);
        foreach (var rule in (string[])["script-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'", "default-src 'none'"]) Assert.Contains(rule, rules);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    [Fact]
    public async Task Pages_name_no_other_origin_and_hold_no_script_of_their_own()
    {
        using var visitor = new PageVisitor(site.ServerAddress);
        (await visitor.SignInAsync(await site.AddUserAsync(UserRole.Administrator))).Dispose();
        foreach (var path in allowed.Keys.Select(Sample).Append(SignIn))
        {
            using var answer = await visitor.GetAsync(path);
            var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotMatch("""(src|href|action)="(https?:)?//""", page);
            Assert.DoesNotMatch("<script(?![^>]* src=)", page);
            Assert.DoesNotMatch(@"\son[a-z]+=", page);
        }
    }

    private static string Sample(string route) => route.Replace("{Id:guid}", "01a20929-0fa4-713c-9042-9d1cd8452725", StringComparison.Ordinal).Replace("{Id:int}", "1", StringComparison.Ordinal);

    private string Address(HttpResponseMessage answer) => answer.Headers.Location is { IsAbsoluteUri: true } absolute && absolute.Authority == site.ServerAddress.Authority
        ? absolute.PathAndQuery
        : answer.Headers.Location!.OriginalString;

    private List<(string Route, Type Type)> Pages() =>
    [
        .. site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Select(e => (Route: "/" + e.RoutePattern.RawText!.TrimStart('/'), e.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type))
            .Where(e => e.Type is not null).Select(e => (e.Route, e.Type!)).Distinct(),
    ];

    private static bool HasPolicy(Type page) => page.GetCustomAttributes<AuthorizeAttribute>().Any(a => a.Policy is { Length: > 0 });

    private sealed class PageWithoutPolicy;
}
