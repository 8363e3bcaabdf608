using static Ringback.FcmEmulator.Send.FieldKind;

namespace Ringback.FcmEmulator.Send;

/// <summary>
/// The request of <c>messages:send</c>, field by field, after
/// https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages.
/// </summary>
internal static class MessageSchema
{
    private static readonly FieldKind Str = new Text();
    private static readonly FieldKind Bool = new Flag();
    private static readonly FieldKind Float = new Fraction();
    private static readonly FieldKind Span = new Duration();
    private static readonly FieldKind Strings = new TextMap();
    private static readonly FieldKind Struct = new FreeObject();
    private static readonly FieldKind StringList = new ListOf(Str);
    private static readonly Field AnalyticsLabel = new("analytics_label", Str);

    private static readonly Record Color = new("Color",
        new("red", Float), new("green", Float), new("blue", Float), new("alpha", Float));

    private static readonly Record LightSettings = new("LightSettings",
        new("color", Color), new("light_on_duration", Span), new("light_off_duration", Span));

    private static readonly Record AndroidNotification = new("AndroidNotification",
        new("title", Str), new("body", Str), new("icon", Str), new("color", Str), new("sound", Str), new("tag", Str),
        new("click_action", Str), new("body_loc_key", Str), new("body_loc_args", StringList), new("title_loc_key", Str),
        new("title_loc_args", StringList), new("channel_id", Str), new("ticker", Str), new("sticky", Bool),
        new("event_time", new Timestamp()), new("local_only", Bool),
        new("notification_priority", new OneOf("NotificationPriority",
            "PRIORITY_UNSPECIFIED", "PRIORITY_MIN", "PRIORITY_LOW", "PRIORITY_DEFAULT", "PRIORITY_HIGH", "PRIORITY_MAX")),
        new("default_sound", Bool), new("default_vibrate_timings", Bool), new("default_light_settings", Bool),
        new("vibrate_timings", new ListOf(Span)),
        new("visibility", new OneOf("Visibility", "VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET")),
        new("notification_count", new WholeNumber()), new("light_settings", LightSettings), new("image", Str),
        new("bypass_proxy_notification", Bool),
        new("proxy", new OneOf("Proxy", "PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED")));

    private static readonly Record AndroidConfig = new("AndroidConfig",
        new("collapse_key", Str),
        // The reference writes NORMAL and HIGH, the guides and several SDKs normal and high; FCM takes both.
        new("priority", new OneOf("AndroidMessagePriority", "normal", "high", "NORMAL", "HIGH")),
        new("ttl", Span), new("restricted_package_name", Str), new("data", Strings), new("notification", AndroidNotification),
        new("fcm_options", new Record("AndroidFcmOptions", AnalyticsLabel)),
        new("direct_boot_ok", Bool), new("bandwidth_constrained_ok", Bool), new("restricted_satellite_ok", Bool));

    private static readonly Record WebpushConfig = new("WebpushConfig",
        new("headers", Strings), new("data", Strings), new("notification", Struct),
        new("fcm_options", new Record("WebpushFcmOptions", new("link", Str), AnalyticsLabel)));

    private static readonly Record ApnsConfig = new("ApnsConfig",
        new("headers", Strings), new("payload", Struct), new("live_activity_token", Str),
        new("fcm_options", new Record("ApnsFcmOptions", AnalyticsLabel, new("image", Str))));

    /// <summary>The message. Of <c>token</c>, <c>fid</c>, <c>topic</c> and <c>condition</c> exactly one must be there.</summary>
    public static readonly Record Message = new("Message",
        new("name", Str), new("data", Strings),
        new("notification", new Record("Notification", new("title", Str), new("body", Str), new("image", Str))),
        new("android", AndroidConfig), new("webpush", WebpushConfig), new("apns", ApnsConfig),
        new("fcm_options", new Record("FcmOptions", AnalyticsLabel)),
        new("token", Str), new("fid", Str), new("topic", Str), new("condition", Str));

    /// <summary>The whole body.</summary>
    public static readonly Record Request = new("SendMessageRequest", new("validate_only", Bool), new("message", Message));
}
