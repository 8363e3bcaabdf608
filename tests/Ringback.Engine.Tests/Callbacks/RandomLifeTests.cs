using System.Globalization;
using CsCheck;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Engine.Queues.Calendar;
using Xunit;

namespace Ringback.Engine.Tests.Callbacks;

/// <summary>
/// Rules B1, B6 to B8, D1, D2, D5 to D7 over random histories of requests, reports, outcomes and time, with the queue loaded anew from what was written at
/// any moment: a crash between two commands changes nothing.
/// </summary>
public sealed class RandomLifeTests
{
    private static readonly DateTimeOffset start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<(int Act, int A, int B, int C)> step = Gen.Select(Gen.Int[0, 12], Gen.Int[0, 1_000], Gen.Int[0, 1_000], Gen.Int[0, 1_000]);

    public enum Hours
    {
        Always,
        Purging,
        Moving,
        Changing,
    }

    [Theory]
    [InlineData(QueueType.UserTerminated, Hours.Always)]
    [InlineData(QueueType.UserTerminated, Hours.Purging)]
    [InlineData(QueueType.UserTerminated, Hours.Moving)]
    [InlineData(QueueType.UserTerminated, Hours.Changing)]
    [InlineData(QueueType.UserOriginated, Hours.Always)]
    [InlineData(QueueType.UserOriginated, Hours.Moving)]
    public void Whatever_happens_the_rules_hold_and_a_restart_at_any_moment_changes_nothing(QueueType type, Hours hours) =>
        Gen.Select(step.List[1, 80], Gen.Int[0, 3]).Sample((steps, restarts) => new Life(type, hours, restarts).Play(steps), iter: 400);

    private sealed class Life
    {
        private readonly QueueKey key = new(new TenantId(1), 1);
        private readonly MemoryStore store;
        private readonly int restarts;
        private readonly QueueType type;
        private readonly Hours hours;
        private readonly OpeningCalendar calendar;
        private CallbackQueue queue;
        private DateTimeOffset now = start;
        private int numbers;

        public Life(QueueType type, Hours hours, int restarts)
        {
            (this.type, this.hours, this.restarts) = (type, hours, restarts);
            var business = hours == Hours.Always ? null : Business("08:00-13:30", "14:00-18:00");
            calendar = OpeningCalendar.Of(business);
            store = new MemoryStore(new QueueSettings
            {
                Type = type,
                CallInGroup = "g",
                MaxAttempts = 2,
                MaxTimeInQueueSeconds = 3_600,
                RetrySeconds = new RetrySeconds { NoAnswer = 60, Busy = 20, Declined = 300, Machine = 300, TrunkError = 5 },
                InFlightCap = 3,
                BusinessHours = business,
                RescheduleOnPurge = hours == Hours.Moving,
                MaxReschedules = 1,
                Capacity = new SlotCapacity { SlotMinutes = 30, CallbacksPerSlot = hours == Hours.Moving ? 2 : null },
            });
            queue = new CallbackQueue(key, store.Load());
        }

        public bool Play(List<(int Act, int A, int B, int C)> steps)
        {
            foreach (var (act, a, b, c) in steps)
            {
                Do(act, a, b, c);
                var changes = queue.TakeChanges();
                if (restarts > 0 && (a + b) % 5 == 0) HaltBetweenParts(changes, c);
                else store.Apply(changes);
                CheckRules();
                if (restarts > 0 && c % (4 * restarts) == 0) Restart();
            }
            return true;
        }

        private void Do(int act, int a, int b, int c)
        {
            switch (act)
            {
                case 0 or 1 or 2:
                    var desired = b % 3 == 0 ? now.AddSeconds(1 + (c * 3)) : (DateTimeOffset?)null;
                    Run(q => q.Create(New(desired, priority: (a % 7) - 3), now));
                    break;
                case 3 or 4:
                    Run(q => q.Report(
                        new QueueReport { AgentsLoggedIn = a % 4, AgentsReady = b % 4, InteractionsWaiting = c % 12, MeanHandlingSeconds = b % 400, Departures = a % 9 }, now));
                    break;
                case 5 when Pick(a) is { } cancelled:
                    Run(q => q.Cancel(cancelled.Id, now));
                    break;
                case 6 or 7 when type == QueueType.UserTerminated:
                    Run(q => q.Next($"agent {a % 4}", now));
                    break;
                case 8 or 9 when OpenAttempts().ToList() is { Count: > 0 } open:
                    var outcomes = Enum.GetValues<AttemptOutcome>();
                    Run(q => q.ReportOutcome(open[a % open.Count].Id, outcomes[b % outcomes.Length], now));
                    break;
                case 6 or 7 when Pick(a) is { } called:
                    var given = Run(q => q.AcceptCallIn(called.Id, Terms(a), now));
                    if (given.Fault is null && b % 2 == 0) Run(q => q.MatchCallIn(called.Id, given.Value.Id, now));
                    break;
                case 12 when hours == Hours.Changing:
                    var patch = (a % 4) switch
                    {
                        0 => """{"businessHours":null,"rescheduleOnPurge":false}""",
                        1 => """{"businessHours":{"timeZone":"UTC","weekly":{"monday":["09:00-12:30","13:00-15:00"]}},"rescheduleOnPurge":false}""",
                        2 => """{"businessHours":{"timeZone":"UTC","weekly":{"monday":["12:00-20:00"],"tuesday":["08:00-12:00"]}},"rescheduleOnPurge":true}""",
                        _ => """{"businessHours":{"timeZone":"Asia/Kolkata","weekly":{"monday":[],"tuesday":["01:00-02:00"]}},"capacity":{"callbacksPerSlot":1}}""",
                    };
                    Run(q => q.ChangeSettings(patch, "admin", now));
                    break;
                default:
                    now = now.AddSeconds(a % 5 == 0 ? a * 10 : a % 60);
                    queue.RunClock(now);
                    break;
            }
        }

        private Answer<T> Run<T>(Func<CallbackQueue, Answer<T>> command) => queue.Run(now, (q, _) => command(q));

        /// <summary>Of the parts in which changes are committed only the first few were written: a new owner makes up for the others by itself.</summary>
        private void HaltBetweenParts(IReadOnlyList<Change> changes, int c)
        {
            var parts = ChangeParts.Of(changes, most: 1).ToList();
            foreach (var part in parts.Take(c % (parts.Count + 1))) store.Apply(part);
            queue = new CallbackQueue(key, store.Load());
            queue.RunClock(now);
            store.Apply(queue.TakeChanges());
        }

        /// <summary>A new owner on what was written sees and does the same.</summary>
        private void Restart()
        {
            var before = Observe();
            queue = new CallbackQueue(key, store.Load());
            Assert.Equal(before, Observe());
        }

        private List<string> Observe() =>
            [.. store.Callbacks.Keys.Order().Select(id =>
            {
                var answer = queue.Retrieve(id, now);
                return answer.Fault is { } fault ? $"{id} {fault.Problem.Code}" : string.Create(CultureInfo.InvariantCulture, $"{answer.Value.Callback} {answer.Value.Position} {answer.Value.WaitSeconds}");
            })];

        private void CheckRules()
        {
            // Everything that is due by now has happened.
            Assert.False(queue.NextDueAt <= now, "something that is due has not happened");
            var open = OpenAttempts().ToList();
            Assert.Equal(open.Count, open.Select(attempt => attempt.CallbackId).Distinct().Count());
            var live = open.Where(attempt => attempt.State == AttemptState.Live).ToList();
            Assert.Equal(live.Count, live.Select(attempt => attempt.Agent).Distinct().Count());
            Assert.True(store.Callbacks.Values.Count(c => c.State == CallbackState.Routing) <= 3, "more in flight than the cap");

            foreach (var callback in store.Callbacks.Values) CheckRules(callback, [.. Rows.Where(row => row.Message.CallbackId == callback.Id)]);
            CheckOrder();
            if (hours != Hours.Changing) CheckHours();
        }

        /// <summary>Nobody waits past closing or the longest time, no slot holds more than it takes, and what the customer is told to expect falls into an opening.</summary>
        private void CheckHours()
        {
            foreach (var callback in store.Callbacks.Values)
            {
                Assert.True(callback.Reschedules <= (hours == Hours.Moving ? 1 : 0), "moved too often");
                if (callback.State == CallbackState.Queued)
                {
                    Assert.True(calendar.NextOpening(callback.DesiredAt)!.Contains(now), "somebody waits although the queue has closed");
                    Assert.True(now < callback.DesiredAt.AddHours(1), "somebody waits for longer than allowed");
                }
                if (callback.State == CallbackState.Scheduled) Assert.True(calendar.IsOpen(callback.DesiredAt), "scheduled for a time at which it is closed");
            }
            foreach (var row in Rows.Where(row => row.Message.Event == PushEvents.AttemptFailed))
            {
                var next = row.Message.Extra.Single(e => e.Key == "nextAttemptAt").Value;
                Assert.True(calendar.IsOpen(DateTimeOffset.Parse(next, CultureInfo.InvariantCulture)), "another attempt is announced for a time at which it is closed");
            }
            if (hours != Hours.Moving) return;
            var grid = new SlotGrid(calendar, 30);
            var booked = store.Callbacks.Values.Where(c => c.State != CallbackState.Completed && c.DesiredAt != c.CreatedAt).CountBy(c => grid.SlotAt(c.DesiredAt)!.Value.Start);
            Assert.All(booked, slot => Assert.True(slot.Value <= 2, "a slot holds more than it takes"));
        }

        private static BusinessHours Business(params string[] day) =>
            new() { TimeZone = "UTC", Weekly = new WeeklyHours { Monday = day, Tuesday = day, Wednesday = day, Thursday = day, Friday = day } };

        private static void CheckRules(CallbackRecord callback, List<OutboxRow> pushes)
        {
            int Count(string name) => pushes.Where(push => push.Message.Event == name).Select(push => push.Round).Distinct().Count();
            Assert.True(Count(PushEvents.Upcoming) == (callback.Upcoming == UpcomingStatus.Decided ? 1 : 0), "UPCOMING and its status disagree");
            Assert.Equal(callback.Reason is CompletionReason.MaxWait or CompletionReason.ReadyExpired or CompletionReason.EndOfBusiness ? 1 : 0, Count(PushEvents.Purged));
            Assert.Equal(callback.Reason is CompletionReason.NotReached or CompletionReason.InvalidNumber or CompletionReason.TrunkError ? 1 : 0, Count(PushEvents.FinalAttemptFailed));
            Assert.True(callback.ReadyRound <= 2, "a third READY");
            Assert.Equal(callback.ReadyRound, Count(PushEvents.Ready));
            // Every event has its own number, and each of the two targets hears each event once.
            Assert.Equal(callback.EventSequence, pushes.Select(push => push.Message.Sequence).Distinct().Count());
            Assert.Equal(callback.EventSequence * callback.TargetCount, pushes.Count);
            Assert.Equal(pushes.Count, pushes.Select(push => push.Message.NotificationId).Distinct().Count());
            if (callback.Reason == CompletionReason.Cancelled) Assert.All(pushes, push => Assert.True(push.Message.OccurredAt <= callback.CompletedAt, "an event after cancel"));
            Assert.Equal(callback.State == CallbackState.Completed, callback.Reason is not null);
        }

        /// <summary>Those who stand in line are ranked 1…n by their sort key, whatever the live interactions add.</summary>
        private void CheckOrder()
        {
            var inLine = store.Callbacks.Values.Where(c => c is { State: CallbackState.Queued, ReturnsAt: null }).OrderBy(c => c.SortKey).ThenBy(c => c.Id).ToList();
            for (var i = 0; i < inLine.Count; i++)
                Assert.True(queue.Retrieve(inLine[i].Id, now).Value.Position >= i + 1, "somebody stands further ahead than those before allow");
        }

        private IEnumerable<OutboxRow> Rows => store.Outbox.Select(push => push.Row);

        private CallbackRecord? Pick(int a) => store.Callbacks.Count == 0 ? null : store.Callbacks.Values.OrderBy(c => c.Id).ElementAt(a % store.Callbacks.Count);

        private IEnumerable<AttemptRecord> OpenAttempts() => store.Attempts.Values.Where(a => a.State != AttemptState.Ended).OrderBy(a => a.Id);

        private NewCallback New(DateTimeOffset? desired, int priority) => new()
        {
            PhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1415{++numbers:0000000}"),
            DesiredAt = desired,
            Targets = [new PushTarget(PushTargetType.Token, "one"), new PushTarget(PushTargetType.Token, "two")],
            Details = new CallbackDetails { Priority = priority },
        };

        private CallInTerms Terms(int a) => new()
        {
            Id = Guid.CreateVersion7(now),
            GroupName = "g",
            ToPhoneNumber = "+14155550199",
            Lifetime = TimeSpan.FromSeconds(30 + (a % 600)),
        };
    }
}
