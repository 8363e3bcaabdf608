using CsCheck;
using Ringback.Engine.Delivery;
using Xunit;

namespace Ringback.Engine.Tests.Delivery;

/// <summary>Whose turn it is (design: one tenant's broken key or flood never delays another's push).</summary>
public sealed class SendScheduleTests
{
    private static readonly DateTimeOffset start = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TenantId flood = new(1), other = new(2), third = new(3);
    private static readonly SendOutcome accepted = new SendOutcome.Accepted("name");
    private static readonly SendOutcome refused = new SendOutcome.CredentialFault("credential.key_revoked", "");

    [Fact]
    public void Behind_a_flood_of_a_hundred_thousand_another_tenants_push_is_the_next_but_one()
    {
        var schedule = new SendSchedule(Unlimited());
        for (var i = 0; i < 100_000; i++) schedule.TryAdd(Push(flood, i), start);
        Assert.Equal(flood, Take(schedule)!.Lane.Key.Tenant);
        schedule.TryAdd(Push(other, 0), start);
        Tenants(Take(schedule), Take(schedule), expected: [flood, other]);
    }

    [Fact]
    public void A_tenant_whose_many_apps_all_flood_has_no_more_turns_than_one_with_a_single_app()
    {
        var schedule = new SendSchedule(Unlimited());
        for (var i = 0; i < 200; i++) schedule.TryAdd(Push(flood, i, $"app-{i % 20}"), start);
        for (var i = 0; i < 20; i++) schedule.TryAdd(Push(other, i), start);
        var turns = Enumerable.Range(0, 40).Select(_ => Take(schedule)!.Lane.Key).ToList();
        Assert.Equal(20, turns.Count(key => key.Tenant == other));
        Assert.Equal(20, turns.Where(key => key.Tenant == flood).Distinct().Count());
    }

    [Fact]
    public void A_flood_that_fills_all_places_in_flight_leaves_the_next_free_one_to_the_others()
    {
        var schedule = new SendSchedule(Unlimited(inAll: 10, each: 10));
        for (var i = 0; i < 100; i++) schedule.TryAdd(Push(flood, i), start);
        var inFlight = Enumerable.Range(0, 10).Select(_ => Take(schedule)!).ToList();
        Assert.Null(Take(schedule));
        schedule.TryAdd(Push(other, 0), start);
        schedule.TryAdd(Push(third, 0), start);
        foreach (var turn in inFlight.Take(2)) schedule.End(turn, accepted, start);
        Tenants(Take(schedule), Take(schedule), expected: [other, third]);
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(0, 1, true)]
    [InlineData(5, 1, false)]
    [InlineData(5, 5, true)]
    [InlineData(400, 1, false)]
    [InlineData(400, 124, false)]
    [InlineData(400, 125, true)]
    public void A_full_lane_claims_a_good_part_of_a_batch_or_nothing_and_an_empty_one_whatever_there_is_room_for(int waiting, int room, bool isWorth)
    {
        var schedule = new SendSchedule(Unlimited());
        for (var i = 0; i < waiting; i++) schedule.TryAdd(Push(flood, i), start);
        Assert.Equal(isWorth, schedule.IsWorthClaiming(Default(flood), room));
        Assert.True(schedule.IsWorthClaiming(Default(other), 1));
    }

    [Theory]
    [InlineData(-1, 20)]
    [InlineData(0, 20)]
    [InlineData(0.4, 20)]
    [InlineData(26.3, 26.3)]
    [InlineData(60_000, 1_000)]
    public void A_wait_is_never_so_short_that_a_timer_takes_it_for_none_and_ends_within_a_second(double left, double wait) =>
        Assert.Equal(TimeSpan.FromMilliseconds(wait), SendSchedule.WaitUntil(start + TimeSpan.FromMilliseconds(left), start));

    [Fact]
    public void A_tenant_never_has_more_in_flight_than_its_share()
    {
        var schedule = new SendSchedule(Unlimited(inAll: 400, each: 3));
        for (var i = 0; i < 10; i++) schedule.TryAdd(Push(flood, i), start);
        var turns = Enumerable.Range(0, 3).Select(_ => Take(schedule)!).ToList();
        Assert.Null(Take(schedule));
        schedule.End(turns[0], accepted, start);
        Assert.NotNull(Take(schedule));
    }

    [Fact]
    public void A_broken_key_closes_its_own_lane_alone()
    {
        var schedule = new SendSchedule(Unlimited());
        for (var i = 0; i < 10; i++) schedule.TryAdd(Push(flood, i), start);
        var turn = Take(schedule)!;
        Assert.True(schedule.End(turn, refused, start).IsCircuitChanged);
        Assert.Equal(9, schedule.TakeWaiting(turn.Lane).Count);
        Assert.False(schedule.TryAdd(Push(flood, 10), start));
        Assert.Equal(0, schedule.Room(Default(flood), start));
        Assert.True(schedule.TryAdd(Push(other, 0), start));
        Assert.Equal(other, Take(schedule)!.Lane.Key.Tenant);
    }

    [Fact]
    public void A_broken_key_of_one_app_leaves_the_tenants_other_apps_alone()
    {
        var schedule = new SendSchedule(Unlimited());
        var shop = new CredentialKey(flood, "shop");
        schedule.TryAdd(Push(flood, 0), start);
        Assert.True(schedule.End(Take(schedule)!, refused, start).IsCircuitChanged);
        Assert.True(schedule.TryAdd(Push(flood, 1, "shop"), start));
        Assert.False(schedule.TryAdd(Push(flood, 2), start));
        Assert.Equal(shop, Take(schedule)!.Lane.Key);
        Assert.Equal((true, false), (schedule.IsResting(Default(flood), start), schedule.IsResting(shop, start)));
        Assert.Equal(0, schedule.Room(Default(flood), start));
        Assert.True(schedule.Room(shop, start) > 100);
        schedule.Renew(flood, start);
        Assert.False(schedule.IsResting(Default(flood), start));
        Assert.True(schedule.TryAdd(Push(flood, 3), start));
    }

    [Fact]
    public void Of_an_app_that_waits_for_its_rate_no_more_is_claimed_than_goes_out_soon_and_of_the_tenants_others_as_ever()
    {
        var schedule = new SendSchedule(new DeliveryOptions { MessagesPerMinute = 120, RampUpSeconds = 0 });
        for (var i = 0; i < 11; i++) schedule.TryAdd(Push(flood, i), start); // What goes out in the five seconds for which rows are claimed ahead.
        Assert.Equal((0, 11), (schedule.Room(Default(flood), start), schedule.Room(new CredentialKey(flood, "shop"), start)));
    }

    [Fact]
    public void After_the_rest_one_push_is_claimed_and_sent_and_then_all()
    {
        var schedule = new SendSchedule(Unlimited());
        schedule.TryAdd(Push(flood, 0), start);
        schedule.End(Take(schedule)!, refused, start);
        var later = start + RetrySchedule.CredentialRest;
        Assert.Equal(1, schedule.Room(Default(flood), later));
        for (var i = 0; i < 3; i++) Assert.True(schedule.TryAdd(Push(flood, i), later));
        var probe = Take(schedule, later)!;
        Assert.Null(Take(schedule, later));
        Assert.Equal(0, schedule.Room(Default(flood), later));
        Assert.True(schedule.End(probe, accepted, later).IsCircuitChanged);
        Assert.NotNull(Take(schedule, later));
        Assert.NotNull(Take(schedule, later));
        Assert.True(schedule.Room(Default(flood), later) > 100);
    }

    [Fact]
    public void A_lane_that_has_used_its_rate_up_goes_on_by_the_clock_and_holds_nobody_up()
    {
        var schedule = new SendSchedule(new DeliveryOptions { MessagesPerMinute = 120, RampUpSeconds = 0 });
        for (var i = 0; i < 5; i++) schedule.TryAdd(Push(flood, i), start);
        Assert.NotNull(Take(schedule));
        Assert.NotNull(Take(schedule));
        Assert.Null(Take(schedule));
        schedule.TryAdd(Push(other, 0), start);
        Assert.Equal(other, Take(schedule)!.Lane.Key.Tenant);
        var next = schedule.NextAt;
        Assert.InRange(next - start, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(501));
        Assert.Null(Take(schedule, next.AddMilliseconds(-1)));
        Assert.Equal(flood, Take(schedule, next)!.Lane.Key.Tenant);
    }

    [Fact]
    public void A_lane_ramps_up_from_a_tenth_of_its_rate()
    {
        var schedule = new SendSchedule(new DeliveryOptions { MessagesPerMinute = 600, RampUpSeconds = 60 });
        for (var i = 0; i < 30; i++) schedule.TryAdd(Push(flood, i), start);
        Assert.Equal((1, 10), (TakeAll(schedule, start).Count, TakeAll(schedule, start.AddSeconds(60)).Count));
    }

    /// <summary>Ten a second; of what comes within the second after the answers, half is left, and what has recovered of the rate since.</summary>
    [Theory, MemberData(nameof(Answers))]
    public void An_answer_of_too_much_or_not_now_halves_the_rate_of_its_lane_alone_and_no_other_answer_does(SendOutcome answer, int left)
    {
        var schedule = new SendSchedule(new DeliveryOptions { MessagesPerMinute = 600, RampUpSeconds = 0 });
        for (var i = 0; i < 30; i++) schedule.TryAdd(Push(flood, i), start);
        for (var i = 0; i < 30; i++) schedule.TryAdd(Push(flood, i, "shop"), start);
        foreach (var turn in TakeAll(schedule, start)) schedule.End(turn, turn.Lane.Key == Default(flood) ? answer : accepted, start);
        Assert.Equal([left, 10], TakeAll(schedule, start.AddSeconds(1)).CountBy(turn => turn.Lane.Key).OrderBy(lane => lane.Key.App).Select(lane => lane.Value));
    }

    [Theory, MemberData(nameof(Answers))]
    public void So_does_the_answer_to_a_message_that_a_caller_wrote(SendOutcome answer, int left)
    {
        var schedule = new SendSchedule(new DeliveryOptions { MessagesPerMinute = 600, RampUpSeconds = 0 });
        Assert.True(schedule.TryTakeDirect(flood, start, out _));
        schedule.EndDirect(flood, answer, start);
        for (var i = 0; i < 30; i++) schedule.TryAdd(Push(flood, i), start);
        TakeAll(schedule, start); // What the first second has left of its ten.
        Assert.Equal(left, TakeAll(schedule, start.AddSeconds(1)).Count);
    }

    public static TheoryData<SendOutcome, int> Answers => new()
    {
        { accepted, 10 },
        { new SendOutcome.TargetDead("UNREGISTERED"), 10 },
        { new SendOutcome.Rejected("INVALID_ARGUMENT", ""), 10 },
        { new SendOutcome.Throttled("QUOTA_EXCEEDED", null), 5 },
        { new SendOutcome.Unavailable("UNAVAILABLE", null), 5 },
    };

    [Fact]
    public async Task Once_closed_it_gives_back_what_waits_takes_nothing_and_is_idle_once_the_last_answer_is_reported()
    {
        var schedule = new SendSchedule(Unlimited());
        for (var i = 0; i < 3; i++) schedule.TryAdd(Push(flood, i), start);
        var turn = Take(schedule)!;
        Assert.Equal(2, schedule.Close().Count);
        Assert.False(schedule.TryAdd(Push(other, 0), start));
        Assert.Null(Take(schedule));
        Assert.False(schedule.Idle.IsCompleted);
        schedule.End(turn, accepted, start);
        Assert.False(schedule.Idle.IsCompleted); // The answer is not on its way into the database yet.
        schedule.Reported();
        await schedule.Idle.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Random arrivals, answers and faults of five tenants, none of them limited by its rate.</summary>
    [Fact]
    public void Whatever_happens_nobody_waits_for_more_than_one_push_of_each_other_tenant() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 5], Gen.Int[0, 99]).Array[0, 300].Sample(steps =>
        {
            var schedule = new SendSchedule(Unlimited(inAll: 8, each: 4));
            var inFlight = new List<SendTurn>();
            var passedBy = new Dictionary<TenantId, Dictionary<TenantId, int>>(); // By whom, since its last turn or since it began to wait.
            foreach (var (what, number, which) in steps)
            {
                if (what < 5) schedule.TryAdd(Push(new TenantId(number), which), start);
                else if (what == 5 && inFlight.Count > 0) End(which % inFlight.Count, refused);
                else if (inFlight.Count > 0) End(which % inFlight.Count, accepted);
                while (Take(schedule) is { } turn)
                {
                    inFlight.Add(turn);
                    passedBy.Remove(turn.Lane.Key.Tenant);
                    foreach (var waiting in schedule.Status(start).Where(l => l is { Waiting: > 0, InFlight: < 4, Circuit: CircuitState.Closed } && l.Key.Tenant != turn.Lane.Key.Tenant))
                    {
                        if (!passedBy.TryGetValue(waiting.Key.Tenant, out var passers)) passedBy[waiting.Key.Tenant] = passers = [];
                        passers[turn.Lane.Key.Tenant] = passers.GetValueOrDefault(turn.Lane.Key.Tenant) + 1;
                        if (passers[turn.Lane.Key.Tenant] > 1) return false;
                    }
                }
                if (schedule.Status(start).Any(l => l.InFlight is < 0 or > 4) || inFlight.Count > 8) return false;
            }
            return true;

            void End(int index, SendOutcome outcome)
            {
                var turn = inFlight[index];
                inFlight.RemoveAt(index);
                if (schedule.End(turn, outcome, start).IsCircuitChanged) schedule.TakeWaiting(turn.Lane);
                passedBy.Clear(); // A place in its own lane may have become free just now.
            }
        });

    private static CredentialKey Default(TenantId tenant) => CredentialKey.DefaultOf(tenant);

    private static DeliveryOptions Unlimited(int inAll = 5_000, int each = 1_000) =>
        new() { MessagesPerMinute = 60_000_000, RampUpSeconds = 0, SendsInFlight = each, SendsInFlightInAll = inAll };

    private static SendTurn? Take(SendSchedule schedule, DateTimeOffset? now = null) => schedule.TryTake(now ?? start, out var turn) ? turn : null;

    private static List<SendTurn> TakeAll(SendSchedule schedule, DateTimeOffset now)
    {
        var turns = new List<SendTurn>();
        while (Take(schedule, now) is { } turn) turns.Add(turn);
        return turns;
    }

    private static void Tenants(SendTurn? first, SendTurn? second, TenantId[] expected) => Assert.Equal(expected, new[] { first!.Lane.Key.Tenant, second!.Lane.Key.Tenant });

    private static ClaimedPush Push(TenantId tenant, int number, string? app = null)
    {
        var message = new PushMessage
        {
            Event = "CALLBACK_READY",
            NotificationId = Guid.CreateVersion7(start.AddMilliseconds(number)),
            CallbackId = Guid.Empty,
            ServiceName = "support",
            Sequence = number,
            OccurredAt = start,
            ExpiresAt = start.AddMinutes(5),
            Presentation = Presentation.Data,
            Title = "",
            Body = "",
            App = app,
            Extra = [],
        };
        return new ClaimedPush(
            new OutboxRow { Tenant = tenant, Round = 0, TargetOrdinal = 0, Message = message }, new PushTarget(PushTargetType.Token, "t"), TargetState.Active, 0, start.AddSeconds(30));
    }
}
