using CsCheck;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Storage.Delivery;

namespace Ringback.Storage.Tests;

/// <summary>What is stored comes back equal, whatever it is.</summary>
public abstract class RoundTripSuite : StoreSuite
{
    private static readonly Gen<DateTimeOffset> instants = Gen.Long[0, 4_102_444_800_000_000].Select(Clock.FromMicroseconds);
    private static readonly Gen<DateTimeOffset?> maybeInstants = Gen.Select(Gen.Bool, instants, (there, at) => there ? at : (DateTimeOffset?)null);
    private static readonly Gen<string> texts = Gen.Char.Where(c => !char.IsSurrogate(c) && c != '\0').Array[0, 40].Select(c => new string(c));
    private static readonly Gen<Guid> ids = Gen.Guid;

    private static readonly Gen<PushMessage> messages =
        Gen.Select(
            Gen.Select(texts, texts, texts, texts), Gen.Select(ids, ids), Gen.Select(instants, instants), Gen.Int, Gen.Bool,
            Gen.Select(texts, texts, KeyValuePair.Create).Array[0, 5],
            (text, id, at, sequence, wakes, extra) => new PushMessage
            {
                Event = text.Item1,
                ServiceName = text.Item2,
                Title = text.Item3,
                Body = text.Item4,
                NotificationId = id.Item1,
                CallbackId = id.Item2,
                OccurredAt = at.Item1,
                ExpiresAt = at.Item2,
                Sequence = sequence,
                Presentation = wakes ? Presentation.Data : Presentation.Notification,
                WakesApp = wakes,
                App = wakes ? text.Item1 : null,
                Extra = extra,
            });

    private static readonly Gen<CallbackRecord> callbacks =
        Gen.Select(
            ids, Gen.Select(texts, texts), Gen.Select(instants, instants), Gen.Select(maybeInstants, maybeInstants, maybeInstants, maybeInstants),
            Gen.Int[0, 1_000].Array[9], Gen.Select(Gen.Long, Gen.Long, Gen.Bool),
            (id, text, at, maybe, numbers, more) => new CallbackRecord
            {
                Id = id,
                State = (CallbackState)(numbers[0] % 5),
                Reason = numbers[1] % 12 is > 0 and var reason ? (CompletionReason)reason : null,
                PhoneNumber = text.Item1,
                Language = text.Item2,
                TargetCount = numbers[2],
                Scheduled = more.Item3,
                CreatedAt = at.Item1,
                DesiredAt = at.Item2,
                SortKey = more.Item1,
                LiveTicket = more.Item2,
                ReturnsAt = maybe.Item1,
                AttemptsMade = numbers[3],
                TrunkErrorsInRow = numbers[4],
                Upcoming = (UpcomingStatus)(numbers[5] % 5),
                ReadyRound = numbers[6],
                ReadyEndsAt = maybe.Item2,
                ProcessingSince = maybe.Item3,
                EventSequence = numbers[7],
                TimelineSequence = numbers[1],
                CompletedAt = maybe.Item4,
                Reschedules = numbers[8],
            });

    [Fact]
    public void Every_message_comes_out_of_its_payload_as_it_went_in() =>
        messages.Sample(message =>
        {
            var read = PushMessageJson.Read(PushMessageJson.Write(message));
            return read with { Extra = message.Extra } == message && read.Extra.SequenceEqual(message.Extra);
        });

    [Fact]
    public async Task Every_callback_comes_out_of_its_row_as_it_went_in()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var epoch = (await Site.Callbacks.ActivateAsync(queue))!.Epoch;
        await callbacks.SampleAsync(
            async callback =>
            {
                await Site.Callbacks.CommitAsync(queue, epoch, [new Change.CallbackCreated(callback with { SortKey = 0 }, new CallbackDetails(), []), new Change.CallbackChanged(callback)]);
                return (await Site.Callbacks.FindAsync(Site.Tenant, callback.Id))!.Callback == callback;
            },
            iter: 200, threads: 1);
    }
}
