using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ringback.Server.Tests.Telemetry;

/// <summary>A trace from the request to the push (rule F2).</summary>
public sealed class TraceTests
{
    private const string Queue = "support";
    private const string Final = "CALLBACK_FINAL_ATTEMPT_FAILED";

    [Fact, Trait("Rule", "F2")]
    public async Task The_send_of_a_push_stands_in_the_trace_of_the_request_that_decided_it()
    {
        await using var collector = await Collector.StartAsync();
        using var spans = new Spans();
        await using var site = await TestSite.StartAsync(settings: collector.Variables);
        await site.Home.CreateQueueAsync(Queue);
        await site.Home.FailForGoodAsync(Queue, "good-1");
        var push = await site.WaitForPushAsync("good-1", Final);
        await site.SettleAsync();

        var send = await spans.SendAsync(push.NotificationId);
        Assert.Equal((Final, "accepted", "OK", ActivityStatusCode.Ok), (send.GetTagItem("ringback.event"), send.GetTagItem("ringback.outcome"), send.GetTagItem("ringback.code"), send.Status));
        // The outcome of the attempt: the site was asked other things before, in traces of their own.
        var request = Assert.Single(spans.All, s => s.TraceId == send.TraceId && s.Source.Name == "Microsoft.AspNetCore");
        Assert.True(request.StartTimeUtc <= send.StartTimeUtc && send.ParentSpanId != default);
        await collector.WaitForAsync("traces", push.NotificationId);
        Assert.DoesNotContain("good-1", collector.Received("traces"), StringComparison.Ordinal);
    }

    [Fact, Trait("Rule", "F2")]
    public async Task A_retry_is_a_trace_of_its_own_that_is_found_by_the_notification_id()
    {
        await using var collector = await Collector.StartAsync();
        using var spans = new Spans();
        await using var site = await TestSite.StartAsync(settings: collector.Variables);
        await site.Home.CreateQueueAsync(Queue);
        await site.Phones.TakeAwayAsync(retryAfterSeconds: 15);
        await site.Home.FailForGoodAsync(Queue, "good-1");
        await site.SettleAsync();
        await site.Phones.BringBackAsync();
        var push = await site.AdvanceUntilPushAsync("good-1", Final, TimeSpan.FromMinutes(2));
        await site.SettleAsync();

        await spans.SendAsync(push.NotificationId, attempt: 2);
        var sends = spans.Sends(push.NotificationId);
        Assert.Equal([("unavailable", "UNAVAILABLE"), ("accepted", "OK")], sends.Select(s => ((string, string))(s.GetTagItem("ringback.outcome")!, s.GetTagItem("ringback.code")!)));
        Assert.NotEqual(sends[0].TraceId, sends[1].TraceId);
    }

    /// <summary>Every span of this process that has ended; those of other tests are among them.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> ended = new();
        private readonly ActivityListener listener;

        public Spans()
        {
            listener = new ActivityListener { ShouldListenTo = s => s.Name is "Microsoft.AspNetCore" or "Ringback.Delivery", ActivityStopped = ended.Enqueue };
            ActivitySource.AddActivityListener(listener);
        }

        public IReadOnlyCollection<Activity> All => ended;

        public List<Activity> Sends(string notificationId) =>
            [.. ended.Where(s => s.Source.Name == "Ringback.Delivery" && s.GetTagItem("ringback.notification_id")?.ToString() == notificationId).OrderBy(s => s.GetTagItem("ringback.attempt"))];

        public Task<Activity> SendAsync(string notificationId, int attempt = 1) => Eventually.GetAsync(
            () => Task.FromResult(Sends(notificationId).FirstOrDefault(s => s.GetTagItem("ringback.attempt") is int number && number == attempt)), $"attempt {attempt} of {notificationId}");

        public void Dispose() => listener.Dispose();
    }
}
