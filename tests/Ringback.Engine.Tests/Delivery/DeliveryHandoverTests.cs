using CsCheck;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

public sealed class DeliveryHandoverTests
{
    private static readonly DateTimeOffset start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Three apps of one tenant and one of another.</summary>
    private static readonly CredentialKey[] credentials = [CredentialKey.DefaultOf(new(1)), new(new(1), "shop"), new(new(1), "bank"), CredentialKey.DefaultOf(new(2))];

    [Fact]
    public void A_flood_of_one_app_fills_half_of_the_room_and_the_next_app_or_tenant_half_of_the_rest()
    {
        var handover = new DeliveryHandover(1_000);
        Assert.Equal(500, handover.Reserve(credentials[0], 100_000));
        Assert.Equal(0, handover.Reserve(credentials[0], 1));
        Assert.Equal(250, handover.Reserve(credentials[1], 100_000));
        Assert.Equal(10, handover.Reserve(credentials[3], 10));
        handover.Release(credentials[0], 500);
        Assert.Equal((370, 245), (handover.RoomFor(credentials[0]), handover.RoomFor(credentials[1])));
        Assert.Equal(370, handover.Reserve(credentials[0], 100_000));
    }

    [Fact]
    public void There_is_never_more_reserved_than_there_is_room_and_never_none_left_for_a_credential_that_has_none() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 200], Gen.Bool).Array[0, 100].Sample(steps =>
        {
            var handover = new DeliveryHandover(100);
            var held = new Dictionary<CredentialKey, int>();
            foreach (var (which, count, isRelease) in steps)
            {
                var key = credentials[which];
                var own = held.GetValueOrDefault(key);
                if (isRelease) handover.Release(key, own);
                held[key] = isRelease ? 0 : own + handover.Reserve(key, count);
                if (held.Values.Sum() > 100) return false;
            }
            return handover.Reserve(new CredentialKey(new(1), "quiet"), 1) == 1;
        });

    [Fact]
    public void Behind_a_flood_of_a_hundred_thousand_rows_another_apps_row_is_in_the_next_round()
    {
        var handover = new DeliveryHandover(0);
        for (var i = 0; i < 100_000; i++) handover.HandOver(Row(credentials[0], i));
        handover.HandOver(Row(credentials[1], 0));
        handover.HandOver(Row(credentials[3], 0));
        var round = Round(handover, 500);
        Assert.Equal((DeliveryHandover.RowsInTurn + 2, 2), (round.Count, round.Count(row => CredentialKey.Of(row) != credentials[0])));
        // Alone it is not held up: round follows round.
        Assert.Equal(DeliveryHandover.RowsInTurn, Round(handover, 500).Count);
        Assert.Equal(7, Round(handover, 7).Count);
    }

    /// <summary>Random arrivals and rounds: nobody waits for more than one turn of each other credential, nothing is lost or comes twice, and each credential's rows keep their order.</summary>
    [Fact]
    public void Whatever_comes_a_row_waits_for_at_most_one_turn_of_each_other_credential() =>
        Gen.Select(Gen.Int[0, 7], Gen.Int[1, 400]).Array[0, 60].Sample(steps =>
        {
            var handover = new DeliveryHandover(0);
            var waiting = credentials.ToDictionary(key => key, _ => new Queue<OutboxRow>());
            var passedBy = credentials.ToDictionary(key => key, _ => new Dictionary<CredentialKey, int>()); // By how many of whom, since its last row or since it began to wait.
            var number = 0;
            foreach (var (what, count) in steps.Append((7, 1_000_000)))
            {
                if (what < credentials.Length)
                {
                    for (var i = 0; i < count; i++) Add(credentials[what], Row(credentials[what], number++));
                    continue;
                }
                for (var rounds = what == 7 ? int.MaxValue : 1; rounds > 0 && waiting.Values.Any(rows => rows.Count > 0); rounds--)
                {
                    var round = Round(handover, count);
                    if (round.Count == 0 || round.Count > count || !round.All(IsInItsTurn)) return false;
                }
            }
            return Round(handover, 1_000).Count == 0;

            void Add(CredentialKey key, OutboxRow row)
            {
                if (waiting[key].Count == 0) passedBy[key].Clear();
                waiting[key].Enqueue(row);
                handover.HandOver(row);
            }

            bool IsInItsTurn(OutboxRow row)
            {
                var key = CredentialKey.Of(row);
                if (!waiting[key].TryDequeue(out var expected) || !ReferenceEquals(expected, row)) return false;
                passedBy[key].Clear();
                foreach (var other in credentials.Where(other => other != key && waiting[other].Count > 0))
                {
                    if ((passedBy[other][key] = passedBy[other].GetValueOrDefault(key) + 1) > DeliveryHandover.RowsInTurn) return false;
                }
                return true;
            }
        });

    [Fact]
    public async Task The_reader_wakes_for_a_row_and_waits_again_once_all_are_taken()
    {
        var handover = new DeliveryHandover(0);
        for (var i = 0; i < 3; i++)
        {
            var wait = handover.WaitAsync(TestContext.Current.CancellationToken).AsTask();
            Assert.False(wait.IsCompleted);
            handover.HandOver(Row(credentials[i], 1));
            handover.HandOver(Row(credentials[i], 2));
            Assert.True(await wait.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            Assert.Single(Round(handover, 1));
            Assert.True(handover.WaitAsync(TestContext.Current.CancellationToken).AsTask().IsCompleted);
            Assert.Single(Round(handover, 500));
        }
    }

    private static List<OutboxRow> Round(DeliveryHandover handover, int most)
    {
        var batch = new List<OutboxRow>();
        handover.TakeRound(batch, most);
        return batch;
    }

    private static OutboxRow Row(CredentialKey key, int number) => new()
    {
        Tenant = key.Tenant,
        Round = number,
        TargetOrdinal = 0,
        Message = new PushMessage
        {
            Event = "CALLBACK_READY",
            NotificationId = Guid.Empty,
            CallbackId = Guid.Empty,
            ServiceName = "support",
            Sequence = number,
            OccurredAt = start,
            ExpiresAt = start,
            Presentation = Presentation.Data,
            Title = "",
            Body = "",
            App = key.App == CredentialKey.DefaultApp ? null : key.App,
            Extra = [],
        },
    };
}
