using System.Globalization;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Queues;
using Xunit;

namespace Ringback.Engine.Tests.Callbacks;

public sealed class OldDatesTests
{
    private const int Waiting = 10, Gone = 5_000;

    private static readonly DateTimeOffset start = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_queue_remembers_those_who_wait_and_not_all_who_have_come_and_gone_and_still_does_what_falls_due()
    {
        var queue = new CallbackQueue(new QueueKey(new TenantId(1), 1), new MemoryStore(new QueueSettings { MaxTimeInQueueSeconds = 3_600, MaxCreatesPerMinute = 0 }).Load());
        var waiting = Enumerable.Range(0, Waiting).Select(number => Create(queue, number)).ToList();
        for (var number = 0; number < Gone; number++) Assert.Null(queue.Run(start, (q, now) => q.Cancel(Create(q, Waiting + number), now)).Fault);
        Assert.InRange(queue.DatesKept, Waiting, 400);

        queue.TakeChanges();
        queue.RunClock(start.AddSeconds(3_600));
        Assert.Equal(waiting.Order(), queue.TakeChanges().OfType<Change.CallbackChanged>().Where(c => c.Callback.Reason == CompletionReason.MaxWait).Select(c => c.Callback.Id).Order());
    }

    private static Guid Create(CallbackQueue queue, int number)
    {
        var request = new NewCallback { PhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1415{number:0000000}"), Targets = [], Details = new CallbackDetails() };
        var created = queue.Run(start, (q, now) => q.Create(request, now)).Value.Id;
        queue.TakeChanges();
        return created;
    }
}
