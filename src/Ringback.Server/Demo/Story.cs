using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Ringback.Server.Demo;

/// <summary>Plays the life of callbacks through the public API, as an app, a PBX and an agent would, and tells what the customer's phone shows.</summary>
internal sealed class Story(ReadyFile site, TextWriter screen)
{
    private const string Terminated = "story";
    private const string Originated = "story-callin";
    private readonly string phone = $"story-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}";
    private long seen;

    /// <summary>Plays every chapter once.</summary>
    public async Task PlayAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient();
        await PrepareAsync(http, cancellation);
        await CallAsync(http, cancellation);
        await PurgeAsync(http, cancellation);
        await CallInAsync(http, cancellation);
        Tell("The end. Every push above went through the outbox, OAuth and HTTP/2 to the emulator.");
    }

    private async Task PrepareAsync(HttpClient http, CancellationToken cancellation)
    {
        Tell("Two queues of our own, with pauses of a second instead of minutes.");
        var brisk = new { retrySeconds = new { noAnswer = 1 }, maxAttempts = 2, readyTimeoutSeconds = 60 };
        await ManageAsync(http, HttpMethod.Post, $"settings/queues/{Terminated}", brisk, cancellation, HttpStatusCode.Conflict);
        await ManageAsync(http, HttpMethod.Patch, $"settings/queues/{Terminated}", new { maxTimeInQueueSeconds = 14_400 }, cancellation);
        await ManageAsync(http, HttpMethod.Post, $"settings/queues/{Originated}",
            new { type = "USERORIGINATED", callInGroup = site.CallInGroup, readyTimeoutSeconds = 60 }, cancellation, HttpStatusCode.Conflict);
        await foreach (var _ in ArrivalsAsync(http, 0, cancellation)) { }
    }

    private async Task CallAsync(HttpClient http, CancellationToken cancellation)
    {
        Tell("It is busy: 5 agents, 12 people in line, 4 minutes a call.");
        await ReportAsync(http, Terminated, waiting: 12, ready: 0, departures: 0, cancellation);
        var id = await CreateAsync(http, Terminated, cancellation);
        var status = await EngageAsync(http, "callbacks/retrieve", new { id }, cancellation);
        Tell($"A customer asks to be called back and is number {status.GetProperty("positionInQueue")}, about {status.GetProperty("estimatedWaitTime").GetInt32() / 60} minutes to wait.");
        Tell("The line moves: 11 have left it.");
        await ReportAsync(http, Terminated, waiting: 1, ready: 0, departures: 11, cancellation);
        await ExpectAsync(http, "CALLBACK_UPCOMING", cancellation);
        await AttemptAsync(http, "NO_ANSWER", cancellation);
        await ExpectAsync(http, "CALLBACK_ATTEMPT_FAILED", cancellation);
        await AttemptAsync(http, "NO_ANSWER", cancellation);
        await ExpectAsync(http, "CALLBACK_FINAL_ATTEMPT_FAILED", cancellation);
        await CreateAsync(http, Terminated, cancellation);
        Tell("The customer asks again; this time the call connects.");
        await AttemptAsync(http, "CONNECTED", cancellation, then: "COMPLETED");
    }

    private async Task PurgeAsync(HttpClient http, CancellationToken cancellation)
    {
        Tell("Another request may wait for one second only.");
        await ManageAsync(http, HttpMethod.Patch, $"settings/queues/{Terminated}", new { maxTimeInQueueSeconds = 1 }, cancellation);
        await CreateAsync(http, Terminated, cancellation);
        await ExpectAsync(http, "CALLBACK_PURGED", cancellation);
        await ManageAsync(http, HttpMethod.Patch, $"settings/queues/{Terminated}", new { maxTimeInQueueSeconds = 14_400 }, cancellation);
    }

    private async Task CallInAsync(HttpClient http, CancellationToken cancellation)
    {
        Tell("On the other queue customers call in themselves, once it is their turn.");
        await ReportAsync(http, Originated, waiting: 0, ready: 0, departures: 0, cancellation);
        var id = await CreateAsync(http, Originated, cancellation);
        Tell("An agent becomes free.");
        await ReportAsync(http, Originated, waiting: 0, ready: 1, departures: 0, cancellation);
        await ExpectAsync(http, "CALLBACK_READY", cancellation);
        var given = await EngageAsync(http, "call-in/requests/create", new { groupName = site.CallInGroup, callbackServiceId = id }, cancellation);
        Tell($"The app accepts and is told to dial {given.GetProperty("toPhoneNumber")} with code {given.GetProperty("accessCode")}; the same comes as a push:");
        await ExpectAsync(http, "CALLBACK_CALL_IN", cancellation);
        var match = await ManageAsync(http, HttpMethod.Post, "call-in/match", new { accessCode = given.GetProperty("accessCode").GetString() }, cancellation);
        await ManageAsync(http, HttpMethod.Post, $"attempts/{match.GetProperty("attemptId")}/outcome", new { outcome = "COMPLETED" }, cancellation);
        Tell("The call came in, was matched by its code, and is over.");
    }

    private async Task<string> CreateAsync(HttpClient http, string queue, CancellationToken cancellation)
    {
        var data = await EngageAsync(http, "callbacks/create",
            new { serviceName = queue, phoneNumber = "+14155550123", pushTargets = new[] { new { channel = "FCM", target = phone } } }, cancellation);
        return data.GetProperty("id").GetString()!;
    }

    private async Task AttemptAsync(HttpClient http, string outcome, CancellationToken cancellation, string? then = null)
    {
        var attempt = await ManageAsync(http, HttpMethod.Post, $"queues/{Terminated}/next", new { agent = "Ada", waitSeconds = 10 }, cancellation);
        Tell($"Agent Ada dials, attempt {attempt.GetProperty("attempt")} of {attempt.GetProperty("maxAttempts")}: {outcome}.");
        foreach (var word in new[] { outcome, then }.OfType<string>())
            await ManageAsync(http, HttpMethod.Post, $"attempts/{attempt.GetProperty("attemptId")}/outcome", new { outcome = word }, cancellation);
    }

    private Task<JsonElement> ReportAsync(HttpClient http, string queue, int waiting, int ready, int departures, CancellationToken cancellation) =>
        ManageAsync(http, HttpMethod.Put, $"queues/{queue}/state",
            new { agentsLoggedIn = 5, agentsReady = ready, interactionsWaiting = waiting, meanHandlingSeconds = 240, departures }, cancellation);

    /// <summary>Waits at the emulator, as the customer's phone would, until the push is there.</summary>
    private async Task ExpectAsync(HttpClient http, string pushEvent, CancellationToken cancellation)
    {
        for (var tries = 0; tries < 4; tries++)
        {
            await foreach (var message in ArrivalsAsync(http, 10, cancellation))
            {
                var data = message.GetProperty("message").GetProperty("data");
                var shown = message.GetProperty("message").GetProperty("notification");
                screen.WriteLine($"      phone: [{data.GetProperty("event").GetString()}] {shown.GetProperty("title").GetString()} — {shown.GetProperty("body").GetString()}");
                if (data.GetProperty("event").GetString() == pushEvent) return;
            }
        }
        throw new Commands.CommandException($"{pushEvent} did not arrive; the server's log says why.");
    }

    private async IAsyncEnumerable<JsonElement> ArrivalsAsync(HttpClient http, int waitSeconds, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"{site.EmulatorUrl}/inbox?token={phone}&after={seen}&waitSeconds={waitSeconds}");
        var inbox = await http.GetFromJsonAsync<JsonElement>(new Uri(address), cancellation);
        foreach (var message in inbox.GetProperty("messages").EnumerateArray())
        {
            seen = message.GetProperty("sequence").GetInt64();
            yield return message;
        }
    }

    private async Task<JsonElement> EngageAsync(HttpClient http, string path, object body, CancellationToken cancellation) =>
        (await SendAsync(http, HttpMethod.Post, $"{site.Url}/engagement/v3/{path}", site.ApiKey, body, cancellation)).GetProperty("data");

    private Task<JsonElement> ManageAsync(HttpClient http, HttpMethod method, string path, object body, CancellationToken cancellation, HttpStatusCode? also = null) =>
        SendAsync(http, method, $"{site.Url}/management/v1/{path}", site.ManagementKey, body, cancellation, also);

    private static async Task<JsonElement> SendAsync(
        HttpClient http, HttpMethod method, string address, string key, object body, CancellationToken cancellation, HttpStatusCode? also = null)
    {
        using var request = new HttpRequestMessage(method, address) { Content = JsonContent.Create(body) };
        request.Headers.Add("x-api-key", key);
        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode && response.StatusCode != also)
            throw new Commands.CommandException($"the story stopped: {method} {address} answered {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }

    private void Tell(string line) => screen.WriteLine($"story: {line}");
}
