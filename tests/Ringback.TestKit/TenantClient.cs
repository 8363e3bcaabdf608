using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Ringback.Engine;

namespace Ringback.TestKit;

/// <summary>The keys of one tenant, one for each kind of caller.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="App">Right <c>engagement</c>: the key inside apps.</param>
/// <param name="Agent">Right <c>agent</c>: the PBX.</param>
/// <param name="Credentials">Right <c>credentials</c> alone.</param>
/// <param name="Management">Right <c>management</c>.</param>
public sealed record TenantKeys(TenantId Tenant, string App, string Agent, string Credentials, string Management);

/// <summary>What a customer's app sees of its callback.</summary>
public sealed record CallbackView(string State, string? Reason, int? Position, int? WaitSeconds, DateTimeOffset DesiredTime, string PhoneNumber);

/// <summary>What an agent was told to dial.</summary>
public sealed record DialOrder(Guid AttemptId, Guid CallbackId, int Attempt, int MaxAttempts, DateTimeOffset LeaseEndsAt, JsonNode Json);

/// <summary>One entry of a callback's timeline.</summary>
public sealed record TimelineItem(string Kind, DateTimeOffset At, JsonNode Detail);

/// <summary>One tenant's app, PBX and administrator, speaking to the server over HTTP. Every answer that it gets is kept.</summary>
public sealed class TenantClient(HttpClient http, Func<Uri> server, TenantKeys keys, AnswerLog answers)
{
    private static readonly string[] callInNumbers = ["+14155550199"];
    private static int phones;

    /// <summary>The tenant's keys.</summary>
    public TenantKeys Keys => keys;

    /// <summary>A phone number that no test has used before.</summary>
    public static string NewPhone() => string.Create(CultureInfo.InvariantCulture, $"+1415{5_000_000 + Interlocked.Increment(ref phones)}");

    /// <summary>Any request; <paramref name="body"/> is JSON, or text that is sent as it is.</summary>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body = null, string? key = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, new Uri(server(), path));
        if (key is { Length: > 0 }) request.Headers.Add("x-api-key", key);
        request.Content = body switch
        {
            null => null,
            HttpContent content => content,
            string text => Raw(text, contentType),
            _ => JsonContent.Create(body),
        };
        using var response = await http.SendAsync(request);
        return answers.Add(await ApiAnswer.ReadAsync(request, response));
    }

    /// <summary>A POST of the app: <c>/engagement/v3/…</c>.</summary>
    public Task<ApiAnswer> EngageAsync(string path, object? body) => SendAsync(HttpMethod.Post, $"/engagement/v3/{path}", body, keys.App);

    /// <summary>A request of the administrator: <c>/management/v1/…</c>.</summary>
    public Task<ApiAnswer> ManageAsync(HttpMethod method, string path, object? body = null) => SendAsync(method, $"/management/v1/{path}", body, keys.Management);

    /// <summary>A request of the PBX: <c>/management/v1/…</c>.</summary>
    public Task<ApiAnswer> AgentAsync(HttpMethod method, string path, object? body = null) => SendAsync(method, $"/management/v1/{path}", body, keys.Agent);

    /// <summary>Adds a queue.</summary>
    public async Task CreateQueueAsync(string name, object? settings = null) =>
        (await ManageAsync(HttpMethod.Post, $"settings/queues/{Uri.EscapeDataString(name)}", settings ?? new { })).ExpectOk();

    /// <summary>Changes settings of a queue.</summary>
    public async Task ChangeQueueAsync(string name, object settings) =>
        (await ManageAsync(HttpMethod.Patch, $"settings/queues/{Uri.EscapeDataString(name)}", settings)).ExpectOk();

    /// <summary>Adds a call-in group and a USERORIGINATED queue that uses it.</summary>
    public async Task CreateCallInQueueAsync(string name, object? settings = null, string group = "numbers", int codeDigits = 6, int expirySeconds = 300)
    {
        (await ManageAsync(HttpMethod.Put, $"settings/call-in-groups/{group}", new { phoneNumbers = callInNumbers, accessCodeDigits = codeDigits, expirySeconds })).ExpectOk();
        await CreateQueueAsync(name, new { type = "USERORIGINATED", callInGroup = group });
        if (settings is not null) await ChangeQueueAsync(name, settings);
    }

    /// <summary>Reports a queue's live side. With one agent and 60 s a call, the wait is one minute for each place.</summary>
    public async Task<JsonNode> ReportAsync(string queue, int waiting = 0, int agents = 1, int ready = 0, double handling = 60, int departures = 0) =>
        (await TryReportAsync(queue, new { agentsLoggedIn = agents, agentsReady = ready, interactionsWaiting = waiting, meanHandlingSeconds = handling, departures })).ExpectOk().Json;

    /// <summary>A report of any form.</summary>
    public Task<ApiAnswer> TryReportAsync(string queue, object body) => AgentAsync(HttpMethod.Put, $"queues/{Uri.EscapeDataString(queue)}/state", body);

    /// <summary>A customer asks to be called back.</summary>
    public async Task<Guid> CreateCallbackAsync(string queue, string[]? targets = null, string? phone = null, DateTimeOffset? desired = null, string? language = null)
    {
        var answer = await EngageAsync("callbacks/create", CreateBody(queue, targets, phone, desired, language));
        return answer.ExpectOk().Data["id"]!.GetValue<Guid>();
    }

    /// <summary>The body of a good create request, for tests that spoil it.</summary>
    public static JsonObject CreateBody(string queue, string[]? targets = null, string? phone = null, DateTimeOffset? desired = null, string? language = null)
    {
        var body = new JsonObject { ["serviceName"] = queue, ["phoneNumber"] = phone ?? NewPhone() };
        if (targets is not null) body["pushTargets"] = new JsonArray([.. targets.Select(t => new JsonObject { ["channel"] = "FCM", ["target"] = t })]);
        if (desired is { } at) body["desiredTime"] = WireTime.Of(at);
        if (language is not null) body["language"] = language;
        return body;
    }

    /// <summary>How a callback stands.</summary>
    public async Task<CallbackView> RetrieveAsync(Guid id)
    {
        var data = (await EngageAsync("callbacks/retrieve", new { id })).ExpectOk().Data;
        return new CallbackView(
            data["callbackState"]!.GetValue<string>(), data["callbackReason"]?.GetValue<string>(), data["positionInQueue"]?.GetValue<int>(),
            data["estimatedWaitTime"]?.GetValue<int>(), data["desiredTime"]!.GetValue<DateTimeOffset>(), data["phoneNumber"]!.GetValue<string>());
    }

    /// <summary>State and reason in one word, such as <c>QUEUED</c> or <c>COMPLETED/CANCELLED</c>.</summary>
    public async Task<string> StateAsync(Guid id) => await RetrieveAsync(id) is var view && view.Reason is { } reason ? $"{view.State}/{reason}" : view.State;

    /// <summary>The customer does not want to be called any more.</summary>
    public Task<ApiAnswer> CancelAsync(Guid id) => EngageAsync("callbacks/cancel", new { id });

    /// <summary>An agent is free.</summary>
    public async Task<DialOrder?> NextAsync(string queue, string agent = "Ada", int waitSeconds = 0)
    {
        var answer = await TryNextAsync(queue, agent, waitSeconds);
        if (answer.Status == HttpStatusCode.NoContent) return null;
        var json = answer.ExpectOk().Json;
        return new DialOrder(
            json["attemptId"]!.GetValue<Guid>(), json["callbackId"]!.GetValue<Guid>(), json["attempt"]!.GetValue<int>(), json["maxAttempts"]!.GetValue<int>(),
            json["leaseEndsAt"]!.GetValue<DateTimeOffset>(), json);
    }

    /// <summary>An agent is free; whatever the answer.</summary>
    public Task<ApiAnswer> TryNextAsync(string queue, string agent = "Ada", int waitSeconds = 0) =>
        AgentAsync(HttpMethod.Post, $"queues/{Uri.EscapeDataString(queue)}/next", new { agent, waitSeconds });

    /// <summary>The next callback, which must be there.</summary>
    public async Task<DialOrder> DialAsync(string queue, string agent = "Ada") =>
        await NextAsync(queue, agent) ?? throw new UnexpectedAnswerException($"Nobody waits in {queue}.");

    /// <summary>What became of an attempt.</summary>
    public async Task<JsonNode> OutcomeAsync(Guid attemptId, string outcome) => (await TryOutcomeAsync(attemptId, outcome)).ExpectOk().Json;

    /// <summary>A callback with that push target is called once and fails for good: one CALLBACK_FINAL_ATTEMPT_FAILED is decided for it.</summary>
    public async Task<Guid> FailForGoodAsync(string queue, string token)
    {
        var id = await CreateCallbackAsync(queue, [token]);
        await OutcomeAsync((await DialAsync(queue)).AttemptId, "INVALID_NUMBER");
        return id;
    }

    /// <summary>What became of an attempt; whatever the answer.</summary>
    public Task<ApiAnswer> TryOutcomeAsync(Guid attemptId, string outcome) => AgentAsync(HttpMethod.Post, $"attempts/{attemptId}/outcome", new { outcome });

    /// <summary>The agent needs more time.</summary>
    public Task<ApiAnswer> ExtendAsync(Guid attemptId, int seconds) => AgentAsync(HttpMethod.Post, $"attempts/{attemptId}/extend", new { seconds });

    /// <summary>The customer accepts a READY, or just wants to call in.</summary>
    public Task<ApiAnswer> CallInAsync(Guid? callbackId, string group = "numbers", string? from = null) => EngageAsync("call-in/requests/create", CallInBody(callbackId, group, from));

    /// <summary>A call came in at the PBX, which may know the queue that it goes to.</summary>
    public Task<ApiAnswer> MatchAsync(string? accessCode = null, string? from = null, string? to = null, string? queue = null)
    {
        var body = new JsonObject();
        if (accessCode is not null) body["accessCode"] = accessCode;
        if (from is not null) body["fromPhoneNumber"] = from;
        if (to is not null) body["toPhoneNumber"] = to;
        if (queue is not null) body["queue"] = queue;
        return AgentAsync(HttpMethod.Post, "call-in/match", body);
    }

    /// <summary>What happened to a callback.</summary>
    public async Task<IReadOnlyList<TimelineItem>> TimelineAsync(Guid id)
    {
        var answer = (await AgentAsync(HttpMethod.Get, $"callbacks/{id}/timeline")).ExpectOk();
        return [.. answer.Json["entries"]!.AsArray().Select(e => new TimelineItem(e!["kind"]!.GetValue<string>(), e["at"]!.GetValue<DateTimeOffset>(), e["detail"]!))];
    }

    /// <summary>Stores credentials as the file that Firebase hands out.</summary>
    public Task<ApiAnswer> ProvisionFirebaseAsync(FirebaseAccount account, bool? force = null, bool? confirmProjectChange = null, string? app = null)
    {
        var body = new JsonObject { ["serviceAccount"] = account.File() };
        if (force is { } given) body["force"] = given;
        if (confirmProjectChange is { } confirmed) body["confirmProjectChange"] = confirmed;
        return ManageAsync(HttpMethod.Put, app is null ? "credentials/firebase" : $"credentials/firebase/{app}", body);
    }

    /// <summary>What may be seen of the credentials.</summary>
    public async Task<JsonNode> CredentialsAsync() => (await ManageAsync(HttpMethod.Get, "credentials/firebase")).ExpectOk().Json;

    /// <summary><c>/readyz</c>.</summary>
    public Task<ApiAnswer> ReadyAsync() => SendAsync(HttpMethod.Get, "/readyz");

    private static JsonObject CallInBody(Guid? callbackId, string group, string? from)
    {
        var body = new JsonObject { ["groupName"] = group };
        if (callbackId is { } id) body["callbackServiceId"] = id.ToString();
        if (from is not null) body["fromPhoneNumber"] = from;
        return body;
    }

    private static ByteArrayContent Raw(string text, string contentType)
    {
        var content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(text));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }
}

/// <summary>Every answer that a site has given, so that a test can search them.</summary>
public sealed class AnswerLog
{
    private readonly List<ApiAnswer> answers = [];

    /// <summary>All answers so far.</summary>
    public IReadOnlyList<ApiAnswer> All
    {
        get
        {
            lock (answers) return [.. answers];
        }
    }

    internal ApiAnswer Add(ApiAnswer answer)
    {
        lock (answers) answers.Add(answer);
        return answer;
    }
}
