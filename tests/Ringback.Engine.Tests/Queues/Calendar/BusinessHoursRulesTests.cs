using System.Text.Json;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Queues.Calendar;

/// <summary>What is wrong with business hours and capacity is said by the name of its place, with what to do (rules C2, D8).</summary>
public sealed class BusinessHoursRulesTests
{
    [Theory, Trait("Rule", "C2"), Trait("Rule", "D8")]
    [InlineData("""{"timeZone":"Europe/Atlantis"}""", "businessHours.timeZone must be the IANA name")]
    [InlineData("""{}""", "businessHours.timeZone must be the IANA name")]
    [InlineData("""{"timeZone":"europe/berlin"}""", "businessHours.timeZone must be the IANA name")]
    [InlineData("""{"timeZone":"UTC+3"}""", "businessHours.timeZone must be the IANA name")]
    [InlineData("""{"timeZone":5}""", "businessHours.timeZone has a value of the wrong type")]
    [InlineData("""{"timeZone":"UTC","weekly":{"monday":["9-17"]}}""", "businessHours.weekly.monday[0] must be an interval")]
    [InlineData("""{"timeZone":"UTC","weekly":{"monday":["09:00-12:00",null]}}""", "businessHours.weekly.monday[1] must be an interval")]
    [InlineData("""{"timeZone":"UTC","weekly":{"monday":["09:00-12:60"]}}""", "businessHours.weekly.monday[0] must be an interval")]
    [InlineData("""{"timeZone":"UTC","weekly":{"monday":["24:00-30:00"]}}""", "businessHours.weekly.monday[0] must be an interval")]
    [InlineData("""{"timeZone":"UTC","weekly":{"monday":["09:00-48:01"]}}""", "businessHours.weekly.monday[0] must be an interval")]
    [InlineData("""{"timeZone":"UTC","weekly":{"tuesday":["22:00-02:00"]}}""", "businessHours.weekly.tuesday[0] ends before it starts: 22:00-02:00. An opening that passes midnight counts on")]
    [InlineData("""{"timeZone":"UTC","weekly":{"tuesday":["09:00-09:00"]}}""", "businessHours.weekly.tuesday[0] ends before it starts")]
    [InlineData("""{"timeZone":"UTC","weekly":{"friday":["13:00-17:00","09:00-14:00"]}}""", "businessHours.weekly.friday overlaps itself: 09:00-14:00 and 13:00-17:00")]
    [InlineData("""{"timeZone":"UTC","weekly":{"sunday":["22:00-30:00"],"monday":["05:00-09:00"]}}""", "businessHours.weekly.sunday overlaps the next day: 22:00-30:00 runs into 05:00-09:00 of monday")]
    [InlineData("""{"timeZone":"UTC","weekly":{"funday":["09:00-12:00"]}}""", "businessHours.weekly.funday is no setting")]
    [InlineData("""{"timeZone":"UTC","weekly":{"monday":["00:00-01:00","01:00-02:00","02:00-03:00","03:00-04:00","04:00-05:00","05:00-06:00","06:00-07:00","07:00-08:00","08:00-09:00","09:00-10:00","10:00-11:00"]}}""", "businessHours.weekly.monday must have at most 10")]
    [InlineData("""{"timeZone":"UTC","holidays":[{"date":"2026-02-29"}]}""", "businessHours.holidays[0].date must be a date")]
    [InlineData("""{"timeZone":"UTC","holidays":[null]}""", "businessHours.holidays[0].date must be a date")]
    [InlineData("""{"timeZone":"UTC","holidays":[{"name":"x"}]}""", "businessHours.holidays[0].date must be a date")]
    [InlineData("""{"timeZone":"UTC","holidays":[{"date":"2026-12-25"},{"date":"2026-12-25"}]}""", "businessHours.holidays[1].date repeats 2026-12-25")]
    [InlineData("""{"timeZone":"UTC","holidays":[{"date":"2026-12-25","name":""}]}""", "businessHours.holidays[0].name must have 1 to 100")]
    [InlineData("""{"timeZone":"UTC","exceptions":[{"date":"25.12.2026"}]}""", "businessHours.exceptions[0].date must be a date")]
    [InlineData("""{"timeZone":"UTC","exceptions":[{"date":"2026-12-24","open":["12:00-09:00"]}]}""", "businessHours.exceptions[0].open[0] ends before it starts")]
    [InlineData("""{"timeZone":"UTC","exceptions":[{"date":"2026-12-24","open":["09:00-12:00","10:00-11:00"]}]}""", "businessHours.exceptions[0].open overlaps itself")]
    [InlineData("""{"timeZone":"UTC","holidays":[{"date":"2026-12-24"}],"exceptions":[{"date":"2026-12-24"}]}""", "businessHours.exceptions has the date 2026-12-24, which is a holiday too")]
    [InlineData("""{"timeZone":"UTC","open":true}""", "businessHours.open is no setting")]
    public void Wrong_hours_are_refused_by_the_name_of_their_place(string hours, string detail) => Refused($$"""{"businessHours":{{hours}}}""", detail);

    [Theory, Trait("Rule", "C2"), Trait("Rule", "D8")]
    [InlineData("""{"capacity":{"slotMinutes":4}}""", "capacity.slotMinutes must be")]
    [InlineData("""{"capacity":{"slotMinutes":7}}""", "capacity.slotMinutes must be")]
    [InlineData("""{"capacity":{"slotMinutes":2880}}""", "capacity.slotMinutes must be")]
    [InlineData("""{"capacity":{"callbacksPerSlot":0}}""", "capacity.callbacksPerSlot must be")]
    [InlineData("""{"capacity":{"callbacksPerSlot":100001}}""", "capacity.callbacksPerSlot must be")]
    [InlineData("""{"maxReschedules":0}""", "maxReschedules must be")]
    [InlineData("""{"maxReschedules":21}""", "maxReschedules must be")]
    [InlineData("""{"rescheduleOnPurge":true}""", "rescheduleOnPurge needs businessHours")]
    public void Wrong_capacity_and_moves_without_hours_are_refused(string patch, string detail) => Refused(patch, detail);

    [Fact, Trait("Rule", "C2")]
    public void A_holiday_too_many_is_refused()
    {
        var dates = string.Join(',', Enumerable.Range(0, 401).Select(i => $$"""{"date":"{{2020 + (i / 28)}}-02-{{1 + (i % 28):00}}"}"""));
        Refused($$$"""{"businessHours":{"timeZone":"UTC","holidays":[{{{dates}}}]}}""", "businessHours.holidays must have at most 400");
    }

    [Fact, Trait("Rule", "C2")]
    public void A_patch_changes_the_day_that_it_names_and_null_opens_the_queue_for_good()
    {
        var first = Merge(new QueueSettings(), """{"businessHours":{"timeZone":"Europe/Berlin","weekly":{"monday":["09:00-17:00"],"friday":["22:00-26:00"]},"holidays":null},"rescheduleOnPurge":true}""").Value;
        var second = Merge(first, """{"businessHours":{"weekly":{"monday":["10:00-12:00"]}}}""").Value;
        Assert.Equal(["10:00-12:00"], second.BusinessHours!.Weekly.Monday);
        Assert.Equal(["22:00-26:00"], second.BusinessHours.Weekly.Friday);
        Assert.Equal("Europe/Berlin", second.BusinessHours.TimeZone);
        Assert.StartsWith("rescheduleOnPurge needs", Merge(second, """{"businessHours":null}""").Fault!.Detail, StringComparison.Ordinal);
        Assert.Null(Merge(second, """{"businessHours":null,"rescheduleOnPurge":null}""").Value.BusinessHours);
        Assert.Equal(QueueSettingsJson.Write(second), QueueSettingsJson.Write(QueueSettingsJson.Read(QueueSettingsJson.Write(second))));
    }

    private static void Refused(string patch, string detail) => Assert.StartsWith(detail, Merge(new QueueSettings(), patch).Fault?.Detail, StringComparison.Ordinal);

    private static Answer<QueueSettings> Merge(QueueSettings current, string patch) => QueueSettingsJson.Merge(current, JsonSerializer.Deserialize<JsonElement>(patch));
}
