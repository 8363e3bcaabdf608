using System.Text.Json;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Queues;

/// <summary>C1, C2: settings are merged field by field, checked, and refused by the name of the field.</summary>
public sealed class QueueSettingsJsonTests
{
    [Fact]
    public void A_patch_changes_what_it_names_and_null_puts_back_the_default()
    {
        var current = Merge(new QueueSettings(), """{"maxAttempts":5,"retrySeconds":{"busy":7},"callerId":"+14155550100"}""").Value;
        var changed = Merge(current, """{"retrySeconds":{"noAnswer":1},"maxAttempts":null,"callerId":null}""").Value;
        Assert.Equal((3, 7, 1, (string?)null), (changed.MaxAttempts, changed.RetrySeconds.Busy, changed.RetrySeconds.NoAnswer, changed.CallerId));
    }

    [Fact]
    public void What_is_written_reads_back_equal()
    {
        var settings = Merge(new QueueSettings(), """
            {"type":"USERORIGINATED","callInGroup":"g","ewtMode":"mode3","presentation":"data","presentationByEvent":{"CALLBACK_READY":"notification"},"timeToLiveSeconds":{"CALLBACK_PURGED":60}}
            """).Value;
        var text = QueueSettingsJson.Write(settings);
        Assert.Equal(text, QueueSettingsJson.Write(QueueSettingsJson.Read(text)));
        Assert.Contains("\"USERORIGINATED\"", text, StringComparison.Ordinal);
        Assert.Equal(Presentation.Notification, QueueSettingsJson.Read(text).PresentationOf(PushEvents.Ready));
    }

    [Theory]
    [InlineData("""{"maxAttempts":0}""", "maxAttempts")]
    [InlineData("""{"maxAttempts":"3"}""", "maxAttempts")]
    [InlineData("""{"maxAttempts":2.5}""", "maxAttempts")]
    [InlineData("""{"maxAtempts":3}""", "maxAtempts")]
    [InlineData("""{"retrySeconds":{"busy":0}}""", "retrySeconds.busy")]
    [InlineData("""{"retrySeconds":{"buzy":1}}""", "retrySeconds.buzy")]
    [InlineData("""{"retrySeconds":5}""", "retrySeconds")]
    [InlineData("""{"type":"OTHER"}""", "type")]
    [InlineData("""{"type":1}""", "type")]
    [InlineData("""{"ewtMode":"mode4"}""", "ewtMode")]
    [InlineData("""{"type":"USERORIGINATED"}""", "callInGroup")]
    [InlineData("""{"region":"usa"}""", "region")]
    [InlineData("""{"language":"english"}""", "language")]
    [InlineData("""{"presentation":"loud"}""", "presentation")]
    [InlineData("""{"presentationByEvent":{"CALLBACK_LATE":"data"}}""", "presentationByEvent")]
    [InlineData("""{"timeToLiveSeconds":{"CALLBACK_READY":0}}""", "timeToLiveSeconds")]
    [InlineData("""{"pushNotificationThresholdMinutes":1441}""", "pushNotificationThresholdMinutes")]
    [InlineData("""{"maxTimeInQueueSeconds":99999999999}""", "maxTimeInQueueSeconds")]
    [InlineData("[]", "JSON object")]
    public void A_wrong_value_is_refused_by_name(string patch, string named) =>
        Assert.Contains(named, Merge(new QueueSettings(), patch).Fault?.Detail ?? "taken", StringComparison.Ordinal);

    [Fact]
    public void All_mistakes_of_a_change_are_told_at_once_by_their_fields()
    {
        var fault = Merge(new QueueSettings(), """
            {"type":"USERORIGINATED","maxAttempts":0,"retrySeconds":{"busy":0,"buzy":1},"region":"usa","colour":"red","timeToLiveSeconds":{"CALLBACK_LATE":5},"presentationByEvent":7}
            """).Fault!;
        Assert.Equal(
            ["callInGroup", "colour", "maxAttempts", "presentationByEvent", "region", "retrySeconds.busy", "retrySeconds.buzy", "timeToLiveSeconds.CALLBACK_LATE"],
            fault.Mistakes.Select(m => m.Field).Order(StringComparer.Ordinal));
        Assert.Contains(new FieldMistake("maxAttempts", "must be a whole number from 1 to 20"), fault.Mistakes);
        Assert.All(fault.Mistakes, m => Assert.Contains(m.Sentence, fault.Detail, StringComparison.Ordinal));
    }

    private static Answer<QueueSettings> Merge(QueueSettings current, string patch) => QueueSettingsJson.Merge(current, JsonSerializer.Deserialize<JsonElement>(patch));
}
