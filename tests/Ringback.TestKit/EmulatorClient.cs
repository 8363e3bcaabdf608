using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ringback.TestKit;

/// <summary>A push as it arrived at the emulator.</summary>
/// <param name="Sequence">Its number in the inbox.</param>
/// <param name="ReceivedAt">When it arrived, by the site's clock.</param>
/// <param name="Project">The project that it was sent for.</param>
/// <param name="Message">The message as it was sent.</param>
public sealed record Push(long Sequence, DateTimeOffset ReceivedAt, string Project, JsonNode Message)
{
    /// <summary>Where it went.</summary>
    public string Token => (Message["token"] ?? Message["fid"])!.GetValue<string>();

    /// <summary>The event, such as <c>CALLBACK_UPCOMING</c>.</summary>
    public string Event => Data("event");

    /// <summary>Id of the notification, the same on every resend.</summary>
    public string NotificationId => Data("notificationId");

    /// <summary>A data value that must be there.</summary>
    public string Data(string name) => Message["data"]![name]?.GetValue<string>() ?? throw new KeyNotFoundException($"The push has no data.{name}: {Message.ToJsonString()}");
}

/// <summary>The customers' phones, and the hand on FCM's switch.</summary>
public sealed class EmulatorClient(HttpClient http, Func<Uri> emulator)
{
    /// <summary>Makes an account known.</summary>
    public async Task RegisterAsync(FirebaseAccount account)
    {
        using var answer = await http.PostAsJsonAsync(At("/accounts"), new { serviceAccount = account.File() });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The account has another key from now on: what is signed with the old one is refused.</summary>
    public async Task ReplaceKeyAsync(FirebaseAccount account, FirebaseAccount keyOf)
    {
        var file = keyOf.File();
        file["client_email"] = account.Email;
        file["project_id"] = account.Project;
        using var answer = await http.PostAsJsonAsync(At("/accounts"), new { serviceAccount = file });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Google does not know the account any more.</summary>
    public async Task RevokeAsync(FirebaseAccount account)
    {
        using var answer = await http.DeleteAsync(At($"/accounts/{Uri.EscapeDataString(account.Email)}"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>FCM answers 503 to every send from now on.</summary>
    public async Task TakeAwayAsync(int? retryAfterSeconds = null)
    {
        var fault = new JsonObject { ["unavailable"] = true };
        if (retryAfterSeconds is { } seconds) fault["retryAfterSeconds"] = seconds;
        using var answer = await http.PutAsJsonAsync(At("/faults"), fault);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Adds a rule of the emulator's fault list, such as <c>new { effect = "reset", tokenPrefix = "phone-" }</c>.</summary>
    public async Task AddRuleAsync(object rule)
    {
        using var answer = await http.PostAsJsonAsync(At("/faults/rules"), rule);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The errors that a rule may ask for, in order: the emulator names them to whoever asks for another.</summary>
    public async Task<IReadOnlyList<string>> KnownErrorsAsync()
    {
        using var answer = await http.PostAsJsonAsync(At("/faults/rules"), new { effect = "error", error = "none of them" });
        var problem = await answer.Content.ReadAsStringAsync();
        return [.. Regex.Match(problem, "error must be one of ([^.]+)\\.").Groups[1].Value.Split(", ")];
    }

    /// <summary>How many sends the rules have struck.</summary>
    public async Task<int> StruckAsync() =>
        (await http.GetFromJsonAsync<JsonNode>(At("/faults/rules")))!["rules"]!.AsArray().Sum(rule => rule!["struck"]!.GetValue<int>());

    /// <summary>From now on each project may send that many messages a minute.</summary>
    public async Task SetQuotaAsync(int perMinute)
    {
        using var answer = await http.PutAsJsonAsync(At("/quota"), new { perMinute });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>FCM is back.</summary>
    public async Task BringBackAsync()
    {
        using var answer = await http.DeleteAsync(At("/faults"));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Moves Google's clock away from ours; <paramref name="hidden"/> keeps the date of its answers as it was.</summary>
    public async Task MoveClockAsync(TimeSpan offset, bool hidden)
    {
        using var answer = await http.PutAsJsonAsync(At("/clock"), new { offsetSeconds = offset.TotalSeconds, hidden });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The <c>firebaseConfig</c> of a web app of a project, as JSON.</summary>
    public Task<string> WebAppAsync(string project) => http.GetStringAsync(At($"/web-apps/{project}"));

    /// <summary>The registrations that the emulator knows.</summary>
    public async Task<JsonArray> DevicesAsync() => (await http.GetFromJsonAsync<JsonNode>(At("/devices")))!["devices"]!.AsArray();

    /// <summary>The subscriptions that browsers have with the emulator's push service.</summary>
    public async Task<JsonArray> ChannelsAsync() => (await http.GetFromJsonAsync<JsonNode>(At("/push/channels")))!["channels"]!.AsArray();

    /// <summary>Google's clock is this far ahead of ours.</summary>
    public async Task SetClockAheadAsync(TimeSpan ahead)
    {
        using var answer = await http.PutAsJsonAsync(At("/clock"), new { offsetSeconds = ahead.TotalSeconds });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>What has arrived, oldest first; not the dry runs of credential checks.</summary>
    public Task<IReadOnlyList<Push>> InboxAsync(string? token = null) => InboxAsync(token, validateOnly: false);

    /// <summary>What was sent to the token to be looked at only, which no device receives.</summary>
    public Task<IReadOnlyList<Push>> DryRunsAsync(string token) => InboxAsync(token, validateOnly: true);

    private async Task<IReadOnlyList<Push>> InboxAsync(string? token, bool validateOnly)
    {
        var inbox = await http.GetFromJsonAsync<JsonNode>(At(token is null ? "/inbox" : $"/inbox?token={Uri.EscapeDataString(token)}"));
        return [.. inbox!["messages"]!.AsArray().Where(m => m!["validateOnly"]!.GetValue<bool>() == validateOnly).Select(m => new Push(
            m!["sequence"]!.GetValue<long>(), m["receivedAt"]!.GetValue<DateTimeOffset>(), m["projectId"]!.GetValue<string>(), m["message"]!))];
    }

    private Uri At(string path) => new(emulator(), path);
}
