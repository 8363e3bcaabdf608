using System.Net.Http.Json;
using System.Text.Json;

namespace Ringback.TestKit;

/// <summary>What a server said. The status is 0 where it said nothing: whether the request was carried out is then open.</summary>
public sealed record ProcessSiteAnswer(int Status, JsonElement Body)
{
    /// <summary>The connection broke or was refused.</summary>
    public static ProcessSiteAnswer None { get; } = new(0, default);

    /// <summary>Whether there is an answer that stands: 503 says "send it again", as silence does.</summary>
    public bool IsFinal => Status is not 0 and not 503;

    /// <summary>The body of a success; anything else is an exception.</summary>
    public JsonElement Success => Status is >= 200 and < 300 ? Body : throw new InvalidOperationException($"Answered with {Status}: {Body}");
}

/// <summary>An app, a PBX and an administrator in one. Every call knows how to live with a server that dies under it.</summary>
/// <param name="url">Where the server listens at the time of a call.</param>
/// <param name="engagementKey">Key of the app's calls.</param>
/// <param name="managementKey">Key of all others.</param>
public sealed class ProcessSiteClient(Func<Uri> url, string engagementKey, string managementKey)
{
    private static readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Sends a request once.</summary>
    public async Task<ProcessSiteAnswer> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(url(), path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("x-api-key", path.StartsWith("engagement/", StringComparison.Ordinal) ? engagementKey : managementKey);
        try
        {
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new ProcessSiteAnswer((int)response.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            return ProcessSiteAnswer.None;
        }
    }

    /// <summary>Sends the same request until an answer stands, as a careful client does.</summary>
    public Task<ProcessSiteAnswer> InsistAsync(HttpMethod method, string path, object? body) =>
        ProcessSitePoll.UntilAsync($"an answer to {method} {path}", async () => await SendAsync(method, path, body) is { IsFinal: true } answer ? answer : null);

    /// <summary>A management call that must succeed.</summary>
    public async Task<JsonElement> ManageAsync(HttpMethod method, string path, object? body) => (await InsistAsync(method, $"management/v1/{path}", body)).Success;

    /// <summary>An engagement call that must succeed; gives <c>data</c>.</summary>
    public async Task<JsonElement> EngageAsync(string path, object body) =>
        (await InsistAsync(HttpMethod.Post, $"engagement/v3/{path}", body)).Success.GetProperty("data");

    /// <summary>Adds a queue.</summary>
    public Task AddQueueAsync(string name, object settings) => ManageAsync(HttpMethod.Post, $"settings/queues/{name}", settings);

    /// <summary>Asks for a callback until there is one. The targets make a repeated request find the callback that an unanswered one made.</summary>
    public async Task<KnownCallback> CreateAsync(string queue, string phone, params IReadOnlyList<string> targets) =>
        new((await EngageAsync("callbacks/create", CreateBody(queue, phone, targets))).GetProperty("id").GetGuid(), targets);

    /// <summary>The body of a create request.</summary>
    public static object CreateBody(string queue, string phone, IReadOnlyList<string> targets) =>
        new { serviceName = queue, phoneNumber = phone, pushTargets = targets.Select(target => new { channel = "FCM", target }) };

    /// <summary>How a callback stands.</summary>
    public Task<JsonElement> RetrieveAsync(Guid id) => EngageAsync("callbacks/retrieve", new { id });

    /// <summary>What happened to a callback.</summary>
    public async Task<IReadOnlyList<JsonElement>> TimelineAsync(Guid id) =>
        [.. (await ManageAsync(HttpMethod.Get, $"callbacks/{id}/timeline", null)).GetProperty("entries").EnumerateArray()];

    /// <summary>Reports the live side of a queue: 5 agents, 4 minutes a call. A repeated report is applied once.</summary>
    public Task<JsonElement> ReportAsync(string queue, int waiting, int ready, int departures, string reportId) =>
        ManageAsync(HttpMethod.Put, $"queues/{queue}/state", ReportBody(waiting, ready, departures, reportId));

    /// <summary>The body of a report.</summary>
    public static object ReportBody(int waiting, int ready, int departures, string reportId) =>
        new { agentsLoggedIn = 5, agentsReady = ready, interactionsWaiting = waiting, meanHandlingSeconds = 240, departures, reportId };

    /// <summary>The next callback for an agent; waits for one.</summary>
    public Task<JsonElement> NextAsync(string queue, string agent) =>
        ProcessSitePoll.UntilAsync($"work for {agent} on {queue}", async () =>
            await InsistAsync(HttpMethod.Post, $"management/v1/queues/{queue}/next", new { agent, waitSeconds = 2 }) is { Status: 200 } answer ? answer : null)
            .ContinueWith(found => found.GetAwaiter().GetResult().Body, TaskScheduler.Default);

    /// <summary>Reports what became of an attempt.</summary>
    public Task<JsonElement> OutcomeAsync(string attemptId, string outcome) => ManageAsync(HttpMethod.Post, $"attempts/{attemptId}/outcome", new { outcome });
}
