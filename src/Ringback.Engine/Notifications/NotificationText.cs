using System.Globalization;

namespace Ringback.Engine.Notifications;

/// <summary>Title and body of a push, filled in.</summary>
/// <param name="Title">The headline.</param>
/// <param name="Body">What is said below it.</param>
public readonly record struct NotificationText(string Title, string Body)
{
    /// <summary>
    /// Most UTF-8 bytes of a title and of a body as they are sent. FCM takes 4096 bytes of a message without its token; the rest of a message has at most
    /// 1700 (a test measures it), so whatever a queue is called and its texts say, a push is never refused for its size.
    /// </summary>
    public const int MaxTitleBytes = 400, MaxBodyBytes = 1_900;

    /// <summary>The text of an event.</summary>
    /// <param name="draft">The event with its figures.</param>
    /// <param name="text">Title and body as somebody wrote them.</param>
    /// <param name="queue">Name of the queue.</param>
    public static NotificationText Of(PushDraft draft, PushText text, string queue)
    {
        return new NotificationText(PushTemplate.Render(text.Title, Value, MaxTitleBytes), PushTemplate.Render(text.Body, Value, MaxBodyBytes));

        string Value(string placeholder) => placeholder switch
        {
            "queue" => queue,
            "minutes" => Math.Max(1, (int)Math.Ceiling(draft.Span.TotalMinutes)).ToString(CultureInfo.InvariantCulture),
            _ => draft.Extra.FirstOrDefault(e => e.Key == placeholder).Value ?? "",
        };
    }

    /// <summary>The text with sample figures, for those who write it: 4 minutes, second in line, first of three attempts.</summary>
    /// <param name="pushEvent">The event.</param>
    /// <param name="text">Title and body as somebody wrote them.</param>
    /// <param name="queue">Name of the queue.</param>
    public static NotificationText Preview(string pushEvent, PushText text, string queue) => Of(PushDraft.Sample(pushEvent), text, queue);
}
