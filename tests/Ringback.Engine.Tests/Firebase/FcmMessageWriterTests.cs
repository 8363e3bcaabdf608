using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class FcmMessageWriterTests
{
    private static readonly DateTimeOffset occurred = new(2026, 11, 23, 10, 15, 30, TimeSpan.Zero);
    private static readonly PushTarget token = new(PushTargetType.Token, "token-1");

    private static readonly PushMessage message = new()
    {
        Event = "CALLBACK_UPCOMING",
        NotificationId = Guid.Parse("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"),
        CallbackId = Guid.Parse("0190A1B2-0000-7000-8000-000000000001"),
        ServiceName = "support",
        Sequence = 3,
        OccurredAt = occurred.AddTicks(1234567),
        ExpiresAt = occurred.AddMinutes(5),
        Presentation = Presentation.Notification,
        Title = "Gleich sind Sie dran",
        Body = "Wir rufen in etwa 5 Minuten zurück \"jetzt\" <🎉>",
        Extra = [new("estimatedWaitSeconds", "300"), new("position", "4")],
    };

    [Fact]
    public void A_shown_push_is_written_as_documented() => AssertJson(
        """
        { "message": {
            "token": "token-1",
            "notification": { "title": "Gleich sind Sie dran", "body": "Wir rufen in etwa 5 Minuten zurück \"jetzt\" <🎉>" },
            "data": {
              "version": "1", "event": "CALLBACK_UPCOMING", "notificationId": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
              "callbackId": "0190a1b2-0000-7000-8000-000000000001", "serviceName": "support", "sequence": "3",
              "occurredAt": "2026-11-23T10:15:30.123Z", "expiresAt": "2026-11-23T10:20:30.000Z",
              "estimatedWaitSeconds": "300", "position": "4" },
            "android": { "priority": "high", "ttl": "299s", "notification": { "tag": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" } },
            "apns": {
              "headers": { "apns-push-type": "alert", "apns-priority": "10", "apns-expiration": "1795429230", "apns-collapse-id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" },
              "payload": { "aps": { "sound": "default", "category": "CALLBACK_UPCOMING" } } },
            "webpush": {
              "headers": { "TTL": "299", "Urgency": "high", "Topic": "AZChssPUfl-KmwwdLj9KWw" },
              "notification": { "tag": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "renotify": false } },
            "fcm_options": { "analytics_label": "CALLBACK_UPCOMING" } } }
        """,
        FcmMessageWriter.Write(message, token, occurred.AddSeconds(0.4)));

    [Fact]
    public void A_data_push_has_no_notification_block_anywhere() => AssertJson(
        """
        { "message": {
            "token": "token-1",
            "data": {
              "version": "1", "event": "CALLBACK_UPCOMING", "notificationId": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
              "callbackId": "0190a1b2-0000-7000-8000-000000000001", "serviceName": "support", "sequence": "3",
              "occurredAt": "2026-11-23T10:15:30.123Z", "expiresAt": "2026-11-23T10:20:30.000Z",
              "title": "Gleich sind Sie dran", "body": "Wir rufen in etwa 5 Minuten zurück \"jetzt\" <🎉>",
              "estimatedWaitSeconds": "300", "position": "4" },
            "android": { "priority": "high", "ttl": "300s" },
            "apns": {
              "headers": { "apns-push-type": "background", "apns-priority": "5", "apns-expiration": "1795429230", "apns-collapse-id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b" },
              "payload": { "aps": { "content-available": 1 } } },
            "webpush": { "headers": { "TTL": "300", "Urgency": "high", "Topic": "AZChssPUfl-KmwwdLj9KWw" } },
            "fcm_options": { "analytics_label": "CALLBACK_UPCOMING" } } }
        """,
        FcmMessageWriter.Write(message with { Presentation = Presentation.Data }, token, occurred));

    [Fact]
    public void READY_and_CALL_IN_wake_an_Apple_device_and_still_show() => AssertJson(
        """{ "sound": "default", "category": "CALLBACK_READY", "content-available": 1 }""",
        Message(message with { Event = "CALLBACK_READY", WakesApp = true }, token, occurred)["apns"]!["payload"]!["aps"]!);

    [Fact]
    public void An_installation_id_goes_into_its_own_field()
    {
        var written = Message(message, new PushTarget(PushTargetType.Fid, "f1"), occurred);

        Assert.Equal("f1", (string?)written["fid"]);
        Assert.Null(written["token"]);
    }

    [Fact]
    public void The_dry_run_flag_stands_beside_the_message_and_only_when_asked_for()
    {
        Assert.Equal(true, (bool?)JsonNode.Parse(FcmMessageWriter.Write(message, token, occurred, validateOnly: true).Span)!["validate_only"]);
        Assert.Null(JsonNode.Parse(FcmMessageWriter.Write(message, token, occurred).Span)!["validate_only"]);
        AssertJson("""{"validate_only":true,"message":{"topic":"ringback-credential-check","data":{"version":"1"}}}""", FcmMessageWriter.WriteCheck());
    }

    [Fact]
    public void The_time_to_live_shrinks_with_every_resend_and_stays_in_range() => Gen.Long[-10_000_000, 10_000_000].Sample(seconds =>
    {
        var written = Message(message, token, message.ExpiresAt.AddSeconds(-seconds));
        var ttl = Math.Clamp(seconds, 0, 2_419_200);
        return (string?)written["android"]!["ttl"] == $"{ttl}s" && (string?)written["webpush"]!["headers"]!["TTL"] == $"{ttl}"
            && (string?)written["apns"]!["headers"]!["apns-expiration"] == "1795429230";
    });

    [Fact]
    public void Any_text_survives_and_every_data_value_is_a_string() => Gen.Select(Gen.String, Gen.String).Sample((title, value) =>
    {
        var written = Message(message with { Title = title, Presentation = Presentation.Data, Extra = [new("x", value)] }, token, occurred);
        return (string?)written["data"]!["title"] == WellFormed(title) && (string?)written["data"]!["x"] == WellFormed(value)
            && written["data"]!.AsObject().All(pair => pair.Value!.GetValueKind() == JsonValueKind.String);
    });

    [Fact]
    public void A_topic_is_22_characters_and_its_own_for_every_notification() => Gen.Guid.Sample(id =>
    {
        var topic = (string)Message(message with { NotificationId = id }, token, occurred)["webpush"]!["headers"]!["Topic"]!;
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(topic);
        return topic.Length == 22 && new Guid(bytes, bigEndian: true) == id;
    });

    private static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static JsonNode Message(PushMessage message, PushTarget target, DateTimeOffset now) =>
        JsonNode.Parse(FcmMessageWriter.Write(message, target, now).Span)!["message"]!;

    private static void AssertJson(string expected, ReadOnlyMemory<byte> actual) => AssertJson(expected, JsonNode.Parse(actual.Span)!);

    private static void AssertJson(string expected, JsonNode actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"expected {JsonNode.Parse(expected)!.ToJsonString()}\nactual   {actual.ToJsonString()}");
}
