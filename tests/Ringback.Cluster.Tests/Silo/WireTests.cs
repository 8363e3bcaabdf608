using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Engine.Queues.Calendar;
using Xunit;

namespace Ringback.Cluster.Tests.Silo;

/// <summary>What travels between nodes arrives as it was sent, through the serializer of a real silo.</summary>
public sealed class WireTests
{
    private static readonly DateTimeOffset noon = new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(7);

    [Fact]
    public async Task Every_message_of_a_queue_arrives_as_it_was_sent()
    {
        await using var site = await SiloSite.StartAsync();
        var serializer = site.Get<Serializer>();
        foreach (var message in Messages())
        {
            var arrived = serializer.Deserialize<object>(serializer.SerializeToArray(message))!;
            Assert.Equal(message.GetType(), arrived.GetType());
            Assert.Equal(JsonSerializer.Serialize(message), JsonSerializer.Serialize(arrived));
        }
    }

    [Fact]
    public async Task A_fault_arrives_with_its_kind_its_words_and_its_wait()
    {
        await using var site = await SiloSite.StartAsync();
        var serializer = site.Get<Serializer>();
        Answer<Guid> full = Problems.NoCapacity.With("Full.") with { Slots = new Dictionary<string, string> { ["2026-11-23T12:00:00.000Z"] = "3" } };
        Assert.Equal("3", serializer.Deserialize<Answer<Guid>>(serializer.SerializeToArray(full)).Fault!.Slots!["2026-11-23T12:00:00.000Z"]);
        Answer<Guid> sent = Problems.CallbackNotFound.With("No such callback.") with { RetryAfter = TimeSpan.FromSeconds(3) };
        var arrived = serializer.Deserialize<Answer<Guid>>(serializer.SerializeToArray(sent));
        Assert.Equal(sent.Fault, arrived.Fault);
        Assert.Equal(AttemptOutcome.TrunkError, serializer.Deserialize<AttemptOutcome>(serializer.SerializeToArray(AttemptOutcome.TrunkError)));
        Answer<AttemptOffer?> nothing = (AttemptOffer?)null;
        Assert.Null(serializer.Deserialize<Answer<AttemptOffer?>>(serializer.SerializeToArray(nothing)).Value);
    }

    private static IEnumerable<object> Messages()
    {
        var record = new CallbackRecord
        {
            Id = Guid.CreateVersion7(noon),
            State = CallbackState.Completed,
            Reason = CompletionReason.AssumedEnded,
            PhoneNumber = "+14155550123",
            Language = "de-DE",
            TargetCount = 2,
            Scheduled = true,
            CreatedAt = noon,
            DesiredAt = noon.AddHours(1),
            SortKey = long.MaxValue,
            LiveTicket = 12,
            ReturnsAt = noon.AddDays(1),
            Upcoming = UpcomingStatus.NoTime,
            Reschedules = 2,
        };
        var attempt = new AttemptRecord
        {
            Id = Guid.CreateVersion7(noon),
            CallbackId = record.Id,
            Number = 2,
            Agent = "Änne",
            State = AttemptState.Unknown,
            Outcome = AttemptOutcome.Machine,
            StartedAt = noon,
            LeaseEndsAt = noon.AddMinutes(2),
            Answer = new OutcomeAnswer(CallbackState.Queued, null, noon),
        };
        var hours = new BusinessHours
        {
            TimeZone = "Europe/Berlin",
            Weekly = new WeeklyHours { Friday = ["09:00-12:00", "22:00-26:00"] },
            Holidays = [new Holiday { Date = "2026-12-25", Name = "Weihnachten" }],
            Exceptions = [new DateHours { Date = "2026-12-24", Open = ["09:00-12:00"] }],
        };
        var settings = new QueueSettings { Type = QueueType.UserOriginated, CallInGroup = "g", PresentationByEvent = new Dictionary<string, Presentation> { [PushEvents.Ready] = Presentation.Data }, BusinessHours = hours, RescheduleOnPurge = true };
        var callIn = new CallInRecord { Id = Guid.CreateVersion7(noon), GroupName = "g", ToPhoneNumber = "+1", CreatedAt = noon, ExpiresAt = noon, UserDataJson = """{"a":1}""" };
        yield return SiloSite.New("+14155550123") with { DesiredAt = noon, Details = new CallbackDetails { UserDataJson = """{"a":"\u0041"}""", Priority = -3 } };
        yield return new CreatedCallback(record.Id, true);
        yield return new CallbackStatus(record, 3, -1);
        yield return new QueueReport { AgentsLoggedIn = 1, AgentsReady = 2, InteractionsWaiting = 3, MeanHandlingSeconds = 4.5, Departures = 6, ReportedAt = noon, ReportId = "r" };
        yield return new ArrivalEstimate(-1, -2, EwtMode.Mode3);
        yield return new SlotQuery(noon, noon.AddDays(1), 10, true);
        yield return new SlotList([new OfferedSlot(noon, 3, 4)], 30);
        yield return new QueueOffer(-1, true, false);
        yield return new AttemptOffer(attempt, record, settings, "support");
        yield return attempt;
        yield return attempt.Answer!;
        yield return new CallInTerms { Id = callIn.Id, GroupName = "g", ToPhoneNumber = "+1", Lifetime = TimeSpan.FromSeconds(90) };
        yield return callIn;
        yield return new MatchedCallIn(callIn, attempt.Id);
        yield return settings;
        yield return new StoredQueue(new QueueKey(new TenantId(3), 7), "support", settings, 4);
    }
}
