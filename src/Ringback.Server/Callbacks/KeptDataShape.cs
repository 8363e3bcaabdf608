using System.Text.Json.Nodes;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Server.Delivery;

namespace Ringback.Server.Callbacks;

/// <summary>What is kept about a phone number as it is handed out, over the API and by command (rule F3).</summary>
internal static class KeptDataShape
{
    public static object Of(KeptData kept) => new { phoneNumber = kept.PhoneNumber, callbacks = kept.Callbacks.Select(Shape), callIns = kept.CallIns.Select(Shape), next = kept.Next };

    private static object Shape(KeptCallback kept)
    {
        var (callback, details) = (kept.Stored.Callback, kept.Details);
        return new
        {
            id = callback.Id,
            queue = kept.Stored.QueueName,
            state = callback.State,
            reason = callback.Reason,
            phoneNumber = callback.PhoneNumber,
            language = callback.Language,
            scheduled = callback.Scheduled,
            createdAt = callback.CreatedAt,
            desiredTime = callback.DesiredAt,
            returnsAt = callback.ReturnsAt,
            processingSince = callback.ProcessingSince,
            completedAt = callback.CompletedAt,
            attemptsMade = callback.AttemptsMade,
            reschedules = callback.Reschedules,
            priority = details.Priority,
            routePoint = details.RoutePoint,
            surveyRP = details.SurveyRoutePoint,
            userData = Json(details.UserDataJson),
            reporting = Json(details.ReportingJson),
            pushTargets = kept.Targets.Select(t => new { ordinal = t.Ordinal, type = t.Target.Type, address = t.Target.Address, state = t.State, stateAt = t.StateAt }),
            attempts = kept.Attempts.Select(a => new { id = a.Id, number = a.Number, state = a.State, outcome = a.Outcome, startedAt = a.StartedAt, endedAt = a.EndedAt }),
            callIns = kept.CallIns.Select(Shape),
            pushes = kept.Pushes.Select(Shape),
            timeline = kept.Timeline,
        };
    }

    /// <summary>Without the access code: it is a key, not something about the customer, and may be good yet.</summary>
    private static object Shape(CallInRecord request) => new
    {
        id = request.Id,
        groupName = request.GroupName,
        fromPhoneNumber = request.FromPhoneNumber,
        toPhoneNumber = request.ToPhoneNumber,
        userData = Json(request.UserDataJson),
        createdAt = request.CreatedAt,
        expiresAt = request.ExpiresAt,
        matchedAt = request.MatchedAt,
    };

    private static object Shape(LoggedPush push) => new
    {
        notificationId = push.Message.NotificationId,
        @event = push.Message.Event,
        round = push.Round < 0 ? (int?)null : push.Round,
        sentAgain = push.Round < 0 ? -push.Round : (int?)null,
        target = push.TargetOrdinal,
        state = PushText.StateName(push.State),
        attempts = push.Attempts,
        code = push.LastCode,
        codeAt = push.LastAt,
        occurredAt = push.Message.OccurredAt,
        expiresAt = push.Message.ExpiresAt,
        finishedAt = push.FinishedAt,
        title = PushText.Words(push.Message, push.Message.Title),
        body = PushText.Words(push.Message, push.Message.Body),
        data = PushText.Data(push.Message).ToDictionary(),
    };

    private static JsonNode? Json(string? stored) => stored is null ? null : JsonNode.Parse(stored);
}
