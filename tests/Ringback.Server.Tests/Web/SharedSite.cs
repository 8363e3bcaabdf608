using Ringback.Server.Tests.Web;

[assembly: AssemblyFixture(typeof(SharedSite))]

namespace Ringback.Server.Tests.Web;

/// <summary>
/// One site for all tests that only send what is refused: since nothing is created, they cannot disturb each other. Its clock stands still. The queue
/// <c>support</c> has nobody in it, and the call-in group <c>numbers</c> no request.
/// </summary>
public sealed class SharedSite : IAsyncLifetime
{
    public const string Queue = "support";

    public TestSite Site { get; private set; } = null!;

    public TenantClient Home => Site.Home;

    public async ValueTask InitializeAsync()
    {
        Site = await TestSite.StartAsync(provision: false);
        await Home.CreateQueueAsync(Queue);
        await Home.CreateCallInQueueAsync("callin");
    }

    public ValueTask DisposeAsync() => Site.DisposeAsync();

    /// <summary>What the database holds of what requests can create.</summary>
    public string Created() => string.Join(' ', ((string[])["callbacks", "push_targets", "outbox", "attempts", "call_in_requests", "queues", "call_in_groups", "settings_history", "credentials"])
        .Select(table => $"{table}={Site.Query($"select count(*) from {table}", r => r.GetInt32(0))[0]}"));

    /// <summary>Sends what must be refused, and looks that the refusal has the form that the path asks for and that nothing was created.</summary>
    public async Task<ApiAnswer> RefusedAsync(HttpMethod method, string path, object? body, HttpStatusCode status)
    {
        var before = Created();
        var answer = (await Home.SendAsync(method, path, body, path.StartsWith("/engagement", StringComparison.Ordinal) ? Home.Keys.App : Home.Keys.Management)).Expect(status);
        ExpectForm(answer, path);
        Assert.Equal(before, Created());
        return answer;
    }

    /// <summary>The envelope of <c>/engagement/v3</c>, or problem details.</summary>
    public static void ExpectForm(ApiAnswer answer, string path)
    {
        Assert.True(Guid.TryParseExact(answer.CorrId, "D", out _), answer.Body);
        Assert.True(answer.Message.Length > 10, answer.Body);
        if (path.StartsWith("/engagement/v3", StringComparison.Ordinal))
        {
            Assert.Equal("application/json; charset=utf-8", answer.Headers["Content-Type"]);
            Assert.Equal(["status"], answer.Json.AsObject().Select(p => p.Key));
            Assert.Equal(["code", "message", "corrId"], answer.Json["status"]!.AsObject().Select(p => p.Key));
            Assert.NotEqual(0, answer.EnvelopeCode);
        }
        else
        {
            Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
            Assert.Equal(["type", "title", "status", "detail", "code", "corrId"], answer.Json.AsObject().Select(p => p.Key).Where(key => key != "errors"));
            Assert.Equal((int)answer.Status, answer.Json["status"]!.GetValue<int>());
        }
    }
}
