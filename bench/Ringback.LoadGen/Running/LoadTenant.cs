using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Ringback.Measuring;

namespace Ringback.LoadGen.Running;

/// <summary>One tenant of the server, spoken to over HTTP only: as its apps, as its PBX and as its administrator.</summary>
internal sealed class LoadTenant(HttpClient app, HttpClient management) : IDisposable
{
    /// <summary>From 200-0000 on: further up, some exchanges (211, 311 …) belong to no subscriber.</summary>
    private const int NumbersPerArea = 100_000;

    private static readonly int[] areaCodes = [201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228];

    public LoadTenant(BenchServer server, TenantKeys keys) : this(server.Client(keys.App), server.Client(keys.Management))
    {
    }

    /// <summary>How many telephone numbers there are; what is called after the last one takes the first again.</summary>
    public static int Numbers => areaCodes.Length * NumbersPerArea;

    /// <summary>Speaks with the key of an app.</summary>
    public HttpClient App => app;

    /// <summary>Speaks as PBX and administrator.</summary>
    public HttpClient Management => management;

    /// <summary>As long as registration tokens are.</summary>
    public static string TokenOf(long number) =>
        string.Create(CultureInfo.InvariantCulture, $"bench-token-{number:000000000000}:APA91bF-as-long-as-a-registration-token-usually-is-which-is-about-one-hundred-and-fifty-characters-or-a-few-more-than-that-{number:00000000}");

    /// <summary>Makes a queue. Throttles are off: a load is no flood. One active callback per number stays on: that look-up is part of the product.</summary>
    public async Task AddQueueAsync(string name, Dictionary<string, object>? settings = null)
    {
        var all = new Dictionary<string, object>(settings ?? []) { ["region"] = "US", ["maxCreatesPerNumberPerHour"] = 0, ["maxCreatesPerMinute"] = 0 };
        using var answer = await management.PostAsJsonAsync($"management/v1/settings/queues/{name}", all);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The queue was not made: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Reports a queue's live side such that the wait of the first <paramref name="below"/> callbacks in line is below the threshold.</summary>
    public async Task ReportAsync(string queue, int below)
    {
        // The comparison with the threshold of five minutes is strict: position "below" is under it, the next one is not.
        var report = new { agentsLoggedIn = 1, agentsReady = 0, interactionsWaiting = 0, meanHandlingSeconds = below == 0 ? 86_400 : 300 / (below + 0.5) };
        using var answer = await management.PutAsJsonAsync($"management/v1/queues/{queue}/state", report);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Creates a callback, the way an app does. The same again gives the same id.</summary>
    public async Task<Guid> CreateAsync(string queue, long number, params IEnumerable<string> tokens)
    {
        var place = (int)(number % Numbers);
        var body = new
        {
            serviceName = queue,
            phoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1{areaCodes[place / NumbersPerArea]}{2_000_000 + (place % NumbersPerArea)}"),
            pushTargets = tokens.Select(token => new { channel = "FCM", target = token }),
        };
        using var response = await app.PostAsJsonAsync("engagement/v3/callbacks/create", body);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"A create was answered with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("data").GetProperty("id").GetGuid();
    }

    /// <summary>The customer's cancel. That it is over already is right too: an answer may have been lost, and the request sent again.</summary>
    public async Task CancelAsync(Guid callbackId)
    {
        using var response = await app.PostAsJsonAsync("engagement/v3/callbacks/cancel", new { id = callbackId });
        if (response.IsSuccessStatusCode) return;
        var text = await response.Content.ReadAsStringAsync();
        if (response.StatusCode != HttpStatusCode.BadRequest || !text.Contains("7045", StringComparison.Ordinal))
            throw new InvalidOperationException($"A cancel was answered with {(int)response.StatusCode}: {text}");
    }

    /// <summary>Stores credentials with a key that nobody knows, for a receiver that takes any.</summary>
    public Task StoreCredentialsAsync(string project)
    {
        using var key = RSA.Create(2048);
        return StoreCredentialsAsync(new { projectName = project, clientEmail = $"load@{project}.iam.gserviceaccount.com", privateKey = key.ExportPkcs8PrivateKeyPem() + "\n" });
    }

    /// <summary>Stores credentials.</summary>
    /// <param name="body">As the API takes it.</param>
    /// <param name="firebaseApp">Of which Firebase app of the tenant; null is the default one.</param>
    public async Task StoreCredentialsAsync(object body, string? firebaseApp = null)
    {
        using var answer = await management.PutAsJsonAsync($"management/v1/credentials/firebase{(firebaseApp is null ? "" : $"/{firebaseApp}")}", body);
        if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The credentials were not taken: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Pushes of all tenants that the server has not brought to their end.</summary>
    public async Task<int> WaitingAsync()
    {
        var ready = await management.GetFromJsonAsync<JsonElement>("readyz");
        return ready.GetProperty("checks").EnumerateArray().Sum(c => c.TryGetProperty("pushesWaiting", out var waiting) ? waiting.GetInt32() : 0);
    }

    public void Dispose()
    {
        app.Dispose();
        management.Dispose();
    }
}
