using System.Text.Json;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Callbacks.Api;

/// <summary>The agent side: next, extend, outcome (docs/api).</summary>
internal static class AttemptApi
{
    private static readonly Dictionary<string, AttemptOutcome> outcomes =
        Enum.GetValues<AttemptOutcome>().ToDictionary(outcome => outcome.Wire(), StringComparer.Ordinal);

    /// <summary>A stop does not wait for an agent who waits: the answer is "nobody yet", and the agent asks another node or again. What was handed out meanwhile the agent gets with the next question.</summary>
    public static async Task<IResult> NextAsync(HttpContext http, string name, AttemptService service, IHostApplicationLifetime lifetime)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var agent = fields.RequiredText("agent", 128);
        var wait = fields.Int("waitSeconds", 0, (int)AttemptService.LongestWait.TotalSeconds) ?? 0;
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            var answer = await service.NextAsync(http.Caller().Tenant, RouteText.Name(name), agent, TimeSpan.FromSeconds(wait), end.Token);
            return answer is { Fault: null, Value: null } ? Results.NoContent() : Answers.Plain(http, answer, order => Shape(order!));
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            return Results.NoContent();
        }
    }

    public static async Task<IResult> ExtendAsync(HttpContext http, string attemptId, AttemptService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var seconds = fields.RequiredInt("seconds", 1, 3_600);
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        if (!Guid.TryParseExact(attemptId, "D", out var id)) return Answers.Refuse(http, NoId);
        return Answers.Plain(http, await service.ExtendAsync(http.Caller().Tenant, id, TimeSpan.FromSeconds(seconds)), attempt => new { attemptId = id, attempt.LeaseEndsAt });
    }

    public static async Task<IResult> OutcomeAsync(HttpContext http, string attemptId, AttemptService service)
    {
        var fields = new JsonFields(await JsonBody.ReadAsync(http));
        var word = fields.RequiredText("outcome", 40);
        if (fields.Fault is null && !outcomes.ContainsKey(word)) fields.Wrong("outcome", $"must be one of {string.Join(", ", outcomes.Keys)}");
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        if (!Guid.TryParseExact(attemptId, "D", out var id)) return Answers.Refuse(http, NoId);
        return Answers.Plain(http, await service.ReportOutcomeAsync(http.Caller().Tenant, id, outcomes[word]), answer => answer);
    }

    private static Fault NoId => Problems.AttemptNotFound.With("The attempt's id in the address is no UUID.");

    private static object Shape(DialOrder order)
    {
        var (offer, details) = (order.Offer, order.Details);
        return new
        {
            attemptId = offer.Attempt.Id,
            callbackId = offer.Callback.Id,
            phoneNumber = offer.Callback.PhoneNumber,
            attempt = offer.Attempt.Number,
            maxAttempts = offer.Settings.MaxAttempts,
            leaseEndsAt = offer.Attempt.LeaseEndsAt,
            callerId = offer.Settings.CallerId,
            routePoint = details.RoutePoint ?? offer.Settings.RoutePoint,
            surveyRoutePoint = details.SurveyRoutePoint ?? offer.Settings.SurveyRoutePoint,
            language = offer.Callback.Language,
            priority = details.Priority ?? offer.Settings.Priority,
            queue = offer.QueueName,
            userData = details.UserDataJson is { } json ? JsonSerializer.Deserialize<JsonElement>(json) : (JsonElement?)null,
        };
    }
}
