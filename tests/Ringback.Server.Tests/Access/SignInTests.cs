using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine.Access;

namespace Ringback.Server.Tests.Access;

public sealed class SignInTests : IAsyncLifetime
{
    private const string Page = "/admin/callbacks";
    private TestSite site = null!;
    private TestUser user = null!;
    private PageVisitor visitor = null!;

    public async ValueTask InitializeAsync()
    {
        site = await TestSite.StartAsync(provision: false);
        user = await site.AddUserAsync(UserRole.Administrator, "Anna");
        visitor = new PageVisitor(site.ServerAddress);
    }

    public async ValueTask DisposeAsync()
    {
        visitor.Dispose();
        await site.DisposeAsync();
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var answer = await visitor.SignInAsync(user);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("ringback.session=", StringComparison.Ordinal));
        var flags = cookie.Split("; ")[1..];
        Assert.Equal(["httponly", "path=/", "samesite=lax"], flags.Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
    }

    [Fact]
    public async Task The_name_is_taken_in_any_case_but_the_tenant_must_be_the_users_own()
    {
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(user with { Name = "aNNA" }));
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(user with { Tenant = "other" }));
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(user with { Tenant = "" }));
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer()
    {
        using var wrong = await visitor.SignInAsync(user, "wrong");
        using var unknown = await visitor.SignInAsync(user with { Name = "Nobody" });
        Assert.Contains("Name or password is wrong", await TextAsync(wrong), StringComparison.Ordinal);
        Assert.Contains("Name or password is wrong", await TextAsync(unknown), StringComparison.Ordinal);
        Assert.DoesNotContain(visitor.Cookies.GetCookies(visitor.Site), c => c.Name == "ringback.session");
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_and_the_right_one_does_not_open_it()
    {
        // The cookie of the form first: of several pages that are asked for without one, each brings its own, and only the last one's form can be sent.
        using (await visitor.GetAsync("/sign-in"))
        {
        }
        var guesses = await Task.WhenAll(Enumerable.Range(0, 5).Select(n => SignInAsync(user, $"guess {n}")));
        Assert.All(guesses, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(user));
        var account = (await Accounts.ListAsync(site.Home.Keys.Tenant))[0];
        Assert.NotNull(account.LockedUntil);
        await Accounts.SaveAsync(account with { LockedUntil = null });
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(user));
    }

    [Fact]
    public async Task A_right_password_forgives_the_wrong_ones_before()
    {
        for (var n = 0; n < 4; n++) Assert.Equal(HttpStatusCode.OK, await SignInAsync(user, "wrong"));
        Assert.Equal(HttpStatusCode.Found, await SignInAsync(user));
        Assert.Equal(0, (await Accounts.ListAsync(site.Home.Keys.Tenant))[0].FailedSignIns);
    }

    [Theory]
    [InlineData("/admin/callbacks?x=1", "/admin/callbacks?x=1")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/a\\..\\evil", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("", "/")]
    public async Task After_sign_in_the_way_leads_to_pages_of_this_site_only(string asked, string expected)
    {
        using var answer = await visitor.SignInAsync(user, path: $"/sign-in?returnUrl={Uri.EscapeDataString(asked)}");
        var target = new Uri(visitor.Site, answer.Headers.Location!);
        Assert.Equal((visitor.Site.Authority, expected), (target.Authority, target.PathAndQuery));
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var answer = await visitor.PostAsync("/sign-in", new Dictionary<string, string>
        {
            ["_handler"] = "sign-in",
            ["Input.Tenant"] = user.Tenant,
            ["Input.Name"] = user.Name,
            ["Input.Password"] = user.Password,
        });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(visitor.Cookies.GetCookies(visitor.Site), c => c.Name == "ringback.session");

        await SignInAsync(user);
        using var signOut = await visitor.PostAsync("/sign-out", []);
        Assert.Equal(HttpStatusCode.BadRequest, signOut.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync());
    }

    [Fact]
    public async Task Who_signs_out_is_out_even_with_a_copy_of_the_cookie()
    {
        await SignInAsync(user);
        var copy = visitor.Cookies.GetCookies(visitor.Site)["ringback.session"]!.Value;
        using var form = await visitor.GetAsync("/sign-in");
        using var answer = await visitor.PostAsync("/sign-out", new Dictionary<string, string> { ["__RequestVerificationToken"] = PageVisitor.TokenOf(await TextAsync(form)) });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(HttpStatusCode.Found, await StatusAsync());
        visitor.Cookies.Add(visitor.Site, new Cookie("ringback.session", copy));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync());
    }

    [Fact]
    public async Task Twenty_idle_minutes_end_a_session_and_activity_keeps_it()
    {
        await SignInAsync(user);
        for (var n = 0; n < 3; n++)
        {
            site.Clock.Advance(TimeSpan.FromMinutes(19));
            using var alive = await visitor.GetAsync("/session/alive");
            Assert.Equal(HttpStatusCode.NoContent, alive.StatusCode);
        }
        site.Clock.Advance(TimeSpan.FromMinutes(20.1));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync());
    }

    [Fact]
    public async Task Nobody_stays_signed_in_for_more_than_twelve_hours()
    {
        await SignInAsync(user);
        for (var at = TimeSpan.Zero; at < TimeSpan.FromHours(12); at += TimeSpan.FromMinutes(15))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync());
            site.Clock.Advance(TimeSpan.FromMinutes(15));
        }
        site.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Found, await StatusAsync());
    }

    [Fact]
    public async Task A_changed_account_ends_its_sessions()
    {
        await SignInAsync(user);
        var account = (await Accounts.ListAsync(site.Home.Keys.Tenant))[0];
        await Accounts.SaveAsync(account with { Role = UserRole.Monitor });
        Assert.Equal(HttpStatusCode.Found, await StatusAsync());
    }

    [Fact]
    public async Task A_session_lives_through_a_restart_since_its_keys_are_in_the_database_sealed()
    {
        await SignInAsync(user);
        var cookie = visitor.Cookies.GetCookies(visitor.Site)["ringback.session"]!.Value;
        await site.RestartServerAsync();
        using var later = new PageVisitor(site.ServerAddress);
        later.Cookies.Add(later.Site, new Cookie("ringback.session", cookie));
        using var answer = await later.GetAsync(Page);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var element = Assert.Single(site.Query("select element from key_ring", r => r.GetString(0)));
        Assert.Contains("<sealed xmlns=\"\">", element, StringComparison.Ordinal);
        Assert.DoesNotContain("<value>", element, StringComparison.Ordinal);
        Assert.All(site.StoredBytes(), file => Assert.Equal(-1, file.Value.AsSpan().IndexOf(Encoding.UTF8.GetBytes(user.Password))));
    }

    private IUserAccountStore Accounts => site.Services.GetRequiredService<IUserAccountStore>();

    private async Task<HttpStatusCode> SignInAsync(TestUser who, string? password = null)
    {
        using var answer = await visitor.SignInAsync(who, password);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> StatusAsync()
    {
        using var answer = await visitor.GetAsync(Page);
        return answer.StatusCode;
    }

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
