using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Delivery;

public abstract class PushHistoryStoreSuite : StoreSuite
{
    private static readonly Guid first = Sample.Id(1), second = Sample.Id(2);

    [Fact]
    public async Task A_push_moves_once_it_has_ended_and_its_callback_is_over_for_long_enough_and_reads_the_same()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        Assert.Equal(0, await MoveAsync());
        await SendAsync();
        Assert.Equal(0, await MoveAsync());
        await EndAsync(queue, first, Site.Now);
        var before = await Site.Callbacks.TimelineAsync(Site.Tenant, first);
        Assert.Equal(0, (await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now.AddSeconds(-1), 100)).Moved);
        Assert.Equal(1, await MoveAsync());
        Assert.Equal((0, 1), await CountAsync());
        Assert.Equal(0, await MoveAsync());

        var after = await Site.Callbacks.TimelineAsync(Site.Tenant, first);
        Assert.Equal(before.Select(e => (e.Sequence, e.At, e.Kind)), after.Select(e => (e.Sequence, e.At, e.Kind)));
        Assert.Equal(before[^1].Detail, after[^1].Detail);
    }

    [Fact]
    public async Task A_push_that_is_not_sent_yet_stays_though_its_callback_is_over()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(0, await MoveAsync());
        Assert.Equal((1, 0), await CountAsync());
    }

    [Fact]
    public async Task A_walk_goes_on_behind_what_stays_and_takes_a_few_at_a_time()
    {
        var queue = await QueueAsync(Site.Tenant, first, second);
        for (var i = 0; i < 5; i++) await DecideAsync(queue, i == 1 ? second : first, Sample.Id(11 + i), round: i);
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        List<int> moved = [];
        for (Guid? next = Guid.Empty; next is { } after;)
        {
            var step = await Site.PushHistory.MoveAsync(Site.Tenant, after, Site.Now, 2);
            moved.Add(step.Moved);
            next = step.Next;
        }
        Assert.Equal([1, 2, 1], moved);
        Assert.Equal((1, 4), await CountAsync());
    }

    [Fact]
    public async Task A_push_that_was_decided_after_the_instant_is_not_looked_at()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Guid.CreateVersion7(Site.Now.AddMilliseconds(2)));
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(0, await MoveAsync());
        Assert.Equal(1, (await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now.AddMilliseconds(2), 100)).Moved);
    }

    [Fact]
    public async Task The_pushes_of_another_tenant_stay_where_they_are()
    {
        var queue = await QueueAsync(Site.OtherTenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(0, await MoveAsync());
        Assert.Equal(1, (await Site.PushHistory.MoveAsync(Site.OtherTenant, Guid.Empty, Site.Now, 100)).Moved);
        Assert.Equal(0, await Site.PushHistory.ForgetAsync(Site.Tenant, Site.Now.AddDays(9), 100));
        Assert.Equal((0, 1), await CountAsync());
    }

    [Fact]
    public async Task What_is_too_old_is_forgotten_the_oldest_first_and_a_few_at_a_time()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        for (var i = 0; i < 3; i++) await DecideAsync(queue, first, Guid.CreateVersion7(Site.Now.AddDays(i)), round: i);
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now.AddDays(9), 100);
        Assert.Equal(1, await Site.PushHistory.ForgetAsync(Site.Tenant, Site.Now.AddDays(1), 1));
        Assert.Equal(1, await Site.PushHistory.ForgetAsync(Site.Tenant, Site.Now.AddDays(1), 100));
        Assert.Equal((0, 1), await CountAsync());
        Assert.Equal(2L, Assert.Single(await Site.Callbacks.TimelineAsync(Site.Tenant, first)).Detail["round"]);
    }

    [Fact]
    public async Task People_find_a_push_and_the_list_in_its_order_wherever_each_lies()
    {
        var queue = await QueueAsync(Site.Tenant, first, second);
        for (var i = 0; i < 6; i++) await DecideAsync(queue, i % 2 == 0 ? first : second, Sample.Id(11 + i), round: i);
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        var before = await ListAsync(new PushFilter());
        Assert.Equal(3, await MoveAsync());

        Assert.Equal(before, await ListAsync(new PushFilter()));
        Assert.Equal([16, 15, 14, 13, 12, 11], before.Select(push => Number(push.Id)));
        Assert.Equal([15, 13, 11], (await ListAsync(new PushFilter { CallbackId = first })).Select(push => Number(push.Id)));
        Assert.Equal([15], (await ListAsync(new PushFilter { State = OutboxState.Accepted, Before = Sample.Id(16), Limit = 1 })).Select(push => Number(push.Id)));
        var paged = new List<Guid>();
        for (Guid? last = null; await ListAsync(new PushFilter { Limit = 2, Before = last }) is { Count: > 0 } page; last = paged[^1]) paged.AddRange(page.Select(push => push.Id));
        Assert.Equal(before.Select(push => push.Id), paged);
        Assert.Empty(await Site.PushLog.ListAsync(Site.OtherTenant, new PushFilter()));
        Assert.Equal(before[1], Seen((await Site.PushLog.FindAsync(Site.Tenant, Sample.Id(15)))!));
        Assert.Null(await Site.PushLog.FindAsync(Site.OtherTenant, Sample.Id(15)));
    }

    [Fact]
    public async Task A_push_of_the_history_is_sent_again_as_one_of_the_outbox_and_each_time_under_the_next_number()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        await SendAsync();
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(1, await MoveAsync());

        var (again, third) = (Guid.CreateVersion7(Site.Now), Guid.CreateVersion7(Site.Now));
        Assert.Null((await SendAgainAsync(Sample.Id(11), again))!.Value.Fault);
        Assert.Equal("It is being sent again already.", (await SendAgainAsync(Sample.Id(11), third))!.Value.Fault!.Detail);
        Assert.Equal((1, 1), await CountAsync());
        await SendAsync();
        Assert.Equal(1, await MoveAsync());
        Assert.Null((await SendAgainAsync(again, third))!.Value.Fault);
        await SendAsync();
        Assert.Equal([(0, OutboxState.Accepted), (-1, OutboxState.Accepted), (-2, OutboxState.Accepted)],
            (await Site.PushLog.ListAsync(Site.Tenant, new PushFilter())).Select(push => (push.Round, push.State)).OrderDescending());
        Assert.Equal(["push.sent_again", "push.sent_again"], (await Site.Audit.ListAsync(Site.Tenant, null, 10)).Select(entry => entry.Action));
        Assert.Contains(third.ToString("D"), (await Site.Audit.ListAsync(Site.Tenant, null, 10)).Single(entry => entry.Detail.Contains(third.ToString("D"), StringComparison.Ordinal)).Detail, StringComparison.Ordinal);
        Assert.Empty(await Site.Audit.ListAsync(Site.OtherTenant, null, 10));
    }

    [Fact]
    public async Task An_answer_that_comes_after_its_push_has_moved_changes_nothing_and_brings_no_second_one()
    {
        var queue = await QueueAsync(Site.Tenant, first);
        await DecideAsync(queue, first, Sample.Id(11));
        var late = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now, 10);
        await SendAsync("node-b");
        await EndAsync(queue, first, Site.Now);
        Assert.Equal(1, await MoveAsync());
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Again(late[0], Site.Now, "UNAVAILABLE", 7), new DeliveryResult.Finished(late[0], OutboxState.Rejected, "LATE", Site.Now, 7)]);
        Assert.Equal((0, 1), await CountAsync());
        Assert.Equal((OutboxState.Accepted, "name", 1), Assert.Single(await Site.PushLog.ListAsync(Site.Tenant, new PushFilter())) is var push ? (push.State, push.LastCode, push.Attempts) : default);
    }

    private static int Number(Guid id) => Enumerable.Range(1, 99).First(n => Sample.Id(n) == id);

    private Task<Answer<OutboxRow>?> SendAgainAsync(Guid id, Guid newId) =>
        Site.PushLog.SendAgainAsync(Site.Tenant, id, (push, others) => SendAgain.Judge(Site.Tenant, push, others, newId, Site.Now), "tests");

    private static (Guid Id, string Event, int Round, OutboxState State, int Attempts, string? Code, DateTimeOffset? FinishedAt, MaskedTarget? Target) Seen(LoggedPush push) =>
        (push.Message.NotificationId, push.Message.Event, push.Round, push.State, push.Attempts, push.LastCode, push.FinishedAt, push.Target);

    private async Task<List<(Guid Id, string Event, int Round, OutboxState State, int Attempts, string? Code, DateTimeOffset? FinishedAt, MaskedTarget? Target)>> ListAsync(PushFilter filter) =>
        [.. (await Site.PushLog.ListAsync(Site.Tenant, filter)).Select(Seen)];

    private async Task<int> MoveAsync() => (await Site.PushHistory.MoveAsync(Site.Tenant, Guid.Empty, Site.Now, 100)).Moved;

    private async Task<QueueKey> QueueAsync(TenantId tenant, params Guid[] callbacks)
    {
        var queue = await Site.AddQueueAsync(tenant);
        await Site.CommitAsync(queue, [.. callbacks.Select(id => Sample.Created(id))]);
        return queue;
    }

    private Task DecideAsync(QueueKey queue, Guid callback, Guid id, int round = 0) => Site.CommitAsync(queue, new Change.PushDecided(Sample.Push(queue.Tenant, callback, id, round: round)));

    private Task EndAsync(QueueKey queue, Guid callback, DateTimeOffset at) =>
        Site.CommitAsync(queue, new Change.CallbackChanged(Sample.Callback(callback, CallbackState.Completed) with { CompletedAt = at, Reason = CompletionReason.Cancelled }));

    private async Task SendAsync(string node = "node-a")
    {
        foreach (var key in await Site.Delivery.DueCredentialsAsync(Site.Now))
        {
            var claimed = await Site.Delivery.ClaimDueAsync(node, key, Site.Now, Site.Now.AddSeconds(30), 100);
            await Site.Delivery.RecordAsync(node, [.. claimed.Select(push => new DeliveryResult.Finished(push, OutboxState.Accepted, "name", Site.Now, 1))]);
        }
    }

    private async Task<(int Outbox, int History)> CountAsync() => await Site.Database.ReadAsync(async s =>
        ((await s.QueryAsync("select count(*) from outbox", r => (int)r.Long()))[0], (await s.QueryAsync("select count(*) from outbox_history", r => (int)r.Long()))[0]));
}
