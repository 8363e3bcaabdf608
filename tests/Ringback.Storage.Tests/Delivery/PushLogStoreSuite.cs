using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Delivery;

/// <summary>Pushes as people look for them.</summary>
public abstract class PushLogStoreSuite : StoreSuite
{
    private static readonly Guid callback = Sample.Id(1);

    [Fact]
    public async Task A_push_is_found_with_all_but_its_address_and_only_by_its_tenant()
    {
        await CommitAsync(Push(5, 0));
        var row = Sample.Push(Site.Tenant, callback, Sample.Id(5), occurredAt: Site.Now);
        var push = await Site.PushLog.FindAsync(Site.Tenant, Sample.Id(5));
        Assert.NotNull(push);
        Assert.Equal(row.Message with { Extra = push.Message.Extra }, push.Message);
        Assert.Equal((OutboxState.Pending, 0, 0, false, Site.Now), (push.State, push.Attempts, push.Round, push.IsLeased, push.NextAt));
        Assert.Equal(new MaskedTarget(Sample.Target.Type, Sample.Target.Address[..MaskedTarget.Shown], Sample.Target.Address.Length, TargetState.Active), push.Target);
        Assert.Null(await Site.PushLog.FindAsync(Site.OtherTenant, Sample.Id(5)));
        Assert.Null(await Site.PushLog.FindAsync(Site.Tenant, Sample.Id(6)));
        Assert.Empty(await ListAsync(new PushFilter(), Site.OtherTenant));
    }

    [Fact]
    public async Task A_leased_push_says_so_and_a_finished_one_how_it_ended()
    {
        await CommitAsync(Push(5, 0), Push(6, 1));
        var claimed = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10);
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Finished(claimed[0], OutboxState.Rejected, "INVALID_ARGUMENT", Site.Now.AddSeconds(2), 3)]);
        var pushes = (await ListAsync(new PushFilter())).ToDictionary(p => p.Message.NotificationId);
        var ended = pushes[claimed[0].Row.Message.NotificationId];
        Assert.Equal((OutboxState.Rejected, 3, "INVALID_ARGUMENT", Site.Now.AddSeconds(2), Site.Now.AddSeconds(2)), (ended.State, ended.Attempts, ended.LastCode, ended.LastAt, ended.FinishedAt));
        var leased = pushes[claimed[1].Row.Message.NotificationId];
        Assert.Equal((OutboxState.Pending, true, Site.Now.AddSeconds(30)), (leased.State, leased.IsLeased, leased.NextAt));
    }

    [Fact]
    public async Task A_list_is_filtered_by_state_event_code_callback_and_time_and_paged_by_id()
    {
        await CommitAsync([.. Enumerable.Range(5, 7).Select(n => Push(n, n))]);
        var claimed = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 2);
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Finished(claimed[0], OutboxState.Rejected, "A", Site.Now, 1), new DeliveryResult.Again(claimed[1], Site.Now.AddSeconds(9), "B", 1)]);
        var (first, second) = (claimed[0].Row.Message.NotificationId, claimed[1].Row.Message.NotificationId);

        Assert.Equal([first], await IdsAsync(new PushFilter { State = OutboxState.Rejected }));
        Assert.Equal(6, (await IdsAsync(new PushFilter { State = OutboxState.Pending })).Count);
        Assert.Equal([second], await IdsAsync(new PushFilter { Code = "B" }));
        Assert.Equal(7, (await IdsAsync(new PushFilter { Event = claimed[0].Row.Message.Event })).Count);
        Assert.Empty(await IdsAsync(new PushFilter { Event = "CALLBACK_OTHER" }));
        Assert.Equal(7, (await IdsAsync(new PushFilter { CallbackId = callback })).Count);
        Assert.Empty(await IdsAsync(new PushFilter { CallbackId = Sample.Id(2) }));

        var all = await IdsAsync(new PushFilter());
        Assert.Equal(all.OrderByDescending(id => id.ToString("N"), StringComparer.Ordinal), all);
        var paged = new List<Guid>();
        for (Guid? before = null; ; before = paged[^1])
        {
            var page = await IdsAsync(new PushFilter { Limit = 3, Before = before });
            if (page.Count == 0) break;
            paged.AddRange(page);
        }
        Assert.Equal(all, paged);
    }

    [Fact]
    public async Task Since_leaves_out_what_was_decided_before()
    {
        var at = Site.Now;
        var (early, late) = (Guid.CreateVersion7(at.AddMilliseconds(-1)), Guid.CreateVersion7(at));
        await CommitAsync(new Change.PushDecided(Sample.Push(Site.Tenant, callback, early, round: 1)), new Change.PushDecided(Sample.Push(Site.Tenant, callback, late, round: 2)));
        Assert.Equal([late], await IdsAsync(new PushFilter { Since = at }));
        Assert.Equal([late, early], await IdsAsync(new PushFilter { Since = at.AddMilliseconds(-1) }));
    }

    [Fact]
    public async Task A_project_is_that_of_the_name_of_the_message_or_else_that_in_force()
    {
        var named = Sample.Push(Site.Tenant, callback, Sample.Id(9), round: 3, occurredAt: Site.Now.AddHours(1));
        await CommitAsync(Push(5, 0), Push(6, 1), new Change.PushDecided(named with { Message = named.Message with { App = "kiosk" } }));
        var claimed = await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 1);
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Finished(claimed[0], OutboxState.Accepted, "projects/old-project/messages/1", Site.Now, 1)]);
        Assert.Single(await Site.PushLog.ListAsync(Site.Tenant, new PushFilter { Project = new PushProject("old-project", false, null) }));
        Assert.Single(await Site.PushLog.ListAsync(Site.Tenant, new PushFilter { Project = new PushProject("new-project", true, null) }));
        Assert.Empty(await Site.PushLog.ListAsync(Site.Tenant, new PushFilter { Project = new PushProject("old-projec", false, "another-app") }));
        Assert.Equal([Sample.Id(9)], await IdsAsync(new PushFilter { Project = new PushProject("new-project", false, "kiosk") }));
        Assert.Equal("old-project", (await Site.PushLog.FindAsync(Site.Tenant, claimed[0].Row.Message.NotificationId))!.AcceptedBy);
    }

    [Fact]
    public async Task A_push_that_is_sent_again_is_due_at_once_under_its_own_id_and_the_same_wish_twice_adds_one()
    {
        await CommitAsync(Push(5, 4));
        var claimed = Assert.Single(await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10));
        await Site.Delivery.RecordAsync("node-a", [new DeliveryResult.Finished(claimed, OutboxState.Accepted, "projects/p/messages/1", Site.Now, 1)]);

        var again = await Site.PushLog.SendAgainAsync(Site.Tenant, Sample.Id(5), (push, others) => Row(push, others, 77), "tests");
        Assert.Equal(Sample.Id(77), again!.Value.Value.Message.NotificationId);
        // As another process judges that saw the same rows.
        var second = await Site.PushLog.SendAgainAsync(Site.Tenant, Sample.Id(5), (push, _) => Row(push, [], 78), "tests");
        Assert.Equal(Problems.PushStateConflict, second!.Value.Fault!.Problem);
        Assert.Null(await Site.PushLog.SendAgainAsync(Site.OtherTenant, Sample.Id(5), (push, others) => Row(push, others, 79), "tests"));

        var due = Assert.Single(await Site.Delivery.ClaimDueAsync("node-a", CredentialKey.DefaultOf(Site.Tenant), Site.Now, Site.Now.AddSeconds(30), 10));
        Assert.Equal((Sample.Id(77), -1, Sample.Target), (due.Row.Message.NotificationId, due.Row.Round, due.Target));
        Assert.Equal((claimed.Row.Message.Title, claimed.Row.Message.Sequence, claimed.Row.Message.ExpiresAt), (due.Row.Message.Title, due.Row.Message.Sequence, due.Row.Message.ExpiresAt));
        var facts = await Site.Callbacks.TimelineAsync(Site.Tenant, callback);
        Assert.Contains(facts, e => e.Kind == "push.accepted" && Equals(e.Detail["round"], 4L));
    }

    [Fact]
    public async Task What_the_judge_refuses_changes_nothing()
    {
        await CommitAsync(Push(5, 0));
        var answer = await Site.PushLog.SendAgainAsync(Site.Tenant, Sample.Id(5), (_, others) => Problems.PushStateConflict.With($"{others.Count} there"), "tests");
        Assert.Equal("1 there", answer!.Value.Fault!.Detail);
        Assert.Single(await IdsAsync(new PushFilter()));
    }

    private static Answer<OutboxRow> Row(LoggedPush push, IReadOnlyList<LoggedPush> others, int newId) => new OutboxRow
    {
        Tenant = Site.Tenant,
        Round = others.Select(o => o.Round).Append(0).Min() - 1,
        TargetOrdinal = push.TargetOrdinal,
        Message = push.Message with { NotificationId = Sample.Id(newId) },
    };

    private static Change.PushDecided Push(int id, int round) => new(Sample.Push(Site.Tenant, callback, Sample.Id(id), round: round, occurredAt: new DateTimeOffset(2026, 3, 1, 9, 0, 0, TimeSpan.Zero)));

    private async Task CommitAsync(params Change[] pushes)
    {
        var queue = await Site.AddQueueAsync(Site.Tenant);
        await Site.CommitAsync(queue, [Sample.Created(callback), .. pushes]);
    }

    private Task<IReadOnlyList<LoggedPush>> ListAsync(PushFilter filter, TenantId? tenant = null) => Site.PushLog.ListAsync(tenant ?? Site.Tenant, filter);

    private async Task<List<Guid>> IdsAsync(PushFilter filter) => [.. (await ListAsync(filter)).Select(p => p.Message.NotificationId)];
}
