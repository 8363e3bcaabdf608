using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Callbacks;

public abstract partial class CallbackStoreSuite
{
    [Fact]
    public async Task The_timeline_of_an_unknown_callback_is_empty() =>
        Assert.Empty(await Site.Callbacks.TimelineAsync(Site.Tenant, callback));

    [Fact]
    public async Task The_figures_of_a_timeline_entry_come_back_as_they_were()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var detail = new Dictionary<string, object?> { ["text"] = "a", ["whole"] = 5L, ["number"] = 1.5, ["yes"] = true, ["none"] = null };
        await Site.CommitAsync(queue, Sample.Created(callback), new Change.TimelineAdded(callback, new TimelineEntry(1, Site.Now, "created", detail)));

        var entry = Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback));
        Assert.Equal((1, Site.Now, "created"), (entry.Sequence, entry.At, entry.Kind));
        Assert.Equal(detail, entry.Detail);
    }

    [Fact]
    public async Task A_figure_that_json_has_no_number_for_does_not_keep_a_callback_from_being_written()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var detail = new Dictionary<string, object?> { ["ewt"] = double.PositiveInfinity, ["reason"] = CompletionReason.MaxWait };
        await Site.CommitAsync(queue, Sample.Created(callback), new Change.TimelineAdded(callback, new TimelineEntry(1, Site.Now, "created", detail)));
        var entry = Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback));
        Assert.Equal(new Dictionary<string, object?> { ["ewt"] = "Infinity", ["reason"] = "MAX_WAIT" }, entry.Detail);
    }

    [Fact]
    public async Task The_timeline_joins_decisions_and_what_became_of_the_pushes_in_order_of_time()
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        var start = Site.Now;
        await Site.CommitAsync(queue,
            Sample.Created(callback), Entry(1, start, "created"), Entry(2, start.AddMinutes(2), "push.decided"), Entry(3, start.AddMinutes(9), "cancelled"),
            new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(5))),
            new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(6), PushEvents.Ready, round: 2)),
            new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(7), PushEvents.Purged)));
        Site.Clock.Advance(TimeSpan.FromMinutes(5));
        var claimed = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 2);
        await Site.Delivery.RecordAsync("node-a",
        [
            new DeliveryResult.Again(claimed.Single(p => p.Row.Message.Event == PushEvents.Upcoming), Site.Now.AddMinutes(1), "UNAVAILABLE", 1),
            new DeliveryResult.Finished(claimed.Single(p => p.Row.Message.Event == PushEvents.Ready), OutboxState.Accepted, "projects/p/messages/1", start.AddMinutes(2), 1),
        ]);

        var timeline = await Site.Callbacks.TimelineAsync(Site.Tenant, callback);

        Assert.Equal(["created", "push.decided", "push.accepted", "push.retrying", "cancelled"], timeline.Select(e => e.Kind));
        Assert.Equal([1, 2, 3, 4, 5], timeline.Select(e => e.Sequence));
        Assert.Equal(start.AddMinutes(5), timeline[3].At);
        Assert.Equal(
            new Dictionary<string, object?> { ["event"] = PushEvents.Ready, ["round"] = 2L, ["target"] = 0L, ["attempts"] = 1L, ["code"] = "projects/p/messages/1" },
            timeline[2].Detail);
    }

    [Theory]
    [InlineData(OutboxState.Accepted, "push.accepted")]
    [InlineData(OutboxState.Expired, "push.expired")]
    [InlineData(OutboxState.Cancelled, "push.cancelled")]
    [InlineData(OutboxState.TargetDead, "push.target_dead")]
    [InlineData(OutboxState.TargetForeign, "push.target_foreign")]
    [InlineData(OutboxState.Rejected, "push.rejected")]
    [InlineData(OutboxState.TargetSuspect, "push.target_suspect")]
    public async Task Each_end_of_a_push_has_a_name_on_the_timeline_and_none_shows_the_address(OutboxState state, string kind)
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        await Site.CommitAsync(queue, Sample.Created(callback), new Change.PushDecided(Sample.Push(Site.Tenant, callback, Sample.Id(5))));
        var claimed = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 9);
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Finished(claimed[0], state, "CODE", Site.Now, 1)]);

        var entry = Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, callback));
        Assert.Equal(kind, entry.Kind);
        Assert.DoesNotContain(entry.Detail, f => f.Value is string text && (text.Contains(Sample.Target.Address) || text.Contains("body")));
    }

    private static Change.TimelineAdded Entry(int sequence, DateTimeOffset at, string kind) =>
        new(callback, new TimelineEntry(sequence, at, kind, new Dictionary<string, object?>()));
}
