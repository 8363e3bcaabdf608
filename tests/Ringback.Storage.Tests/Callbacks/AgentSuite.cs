using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.Storage.Tests.Callbacks;

/// <summary>Agents who serve several queues (rule D5): each queue has an owner of its own, and an agent has one live attempt at most.</summary>
public abstract class AgentSuite : StoreSuite
{
    private const string Agent = "Ada";
    private int numbers;

    [Fact]
    public async Task Two_queues_that_are_asked_at_the_same_instant_hand_an_agent_one_callback()
    {
        using var support = await OwnAsync("support");
        using var sales = await OwnAsync("sales");
        for (var round = 0; round < 10; round++)
        {
            (QueueOwner Owner, Guid Waiting)[] queues = [(support, await CreateAsync(support)), (sales, await CreateAsync(sales))];
            Site.Clock.Advance(TimeSpan.FromSeconds(1));
            var asked = queues.Select(q => q.Owner.NextAsync(Agent, TimeSpan.Zero, CancellationToken.None)).ToList();
            // What comes at the same time must not suffer by it.
            var bystanders = await Task.WhenAll(queues.Select(q => CreateAsync(q.Owner)));
            var offers = (await Task.WhenAll(asked)).Select(answer => answer.Value).ToList();

            var (winner, loser) = offers[0] is not null ? (0, 1) : (1, 0);
            Assert.Null(offers[loser]);
            Assert.Equal(queues[winner].Waiting, offers[winner]!.Callback.Id);
            Assert.Equal((CallbackState.Routing, CallbackState.Queued), (await StateAsync(winner), await StateAsync(loser)));
            Assert.Null((await queues[loser].Owner.ResumeAsync(Agent)).Value);
            Assert.Equal(offers[winner]!.Attempt.Id, (await queues[winner].Owner.ResumeAsync(Agent)).Value!.Attempt.Id);
            // Nobody has heard of what was taken back: the next agent gets that callback first, as its first attempt.
            var other = (await queues[loser].Owner.NextAsync("Grace", TimeSpan.Zero, CancellationToken.None)).Value!;
            Assert.Equal((queues[loser].Waiting, 1), (other.Callback.Id, other.Attempt.Number));

            await queues[winner].Owner.ReportOutcomeAsync(offers[winner]!.Attempt.Id, AttemptOutcome.Completed);
            await queues[loser].Owner.ReportOutcomeAsync(other.Attempt.Id, AttemptOutcome.Completed);
            for (var i = 0; i < 2; i++) Assert.Equal(CallbackState.Queued, (await queues[i].Owner.RetrieveAsync(bystanders[i])).Value.Callback.State);
            for (var i = 0; i < 2; i++) await queues[i].Owner.CancelAsync(bystanders[i]);

            async Task<CallbackState> StateAsync(int queue) => (await Site.Callbacks.FindAsync(Site.Tenant, queues[queue].Waiting))!.Callback.State;
        }
    }

    [Fact]
    public async Task What_was_taken_back_is_on_the_timeline_and_is_not_there_after_a_restart()
    {
        var support = await OwnAsync("support");
        using var sales = await OwnAsync("sales");
        var (waiting, elsewhere) = (await CreateAsync(support), await CreateAsync(sales));
        var held = (await sales.NextAsync(Agent, TimeSpan.Zero, CancellationToken.None)).Value!;
        Assert.Equal(elsewhere, held.Callback.Id);
        Assert.Null((await support.NextAsync(Agent, TimeSpan.Zero, CancellationToken.None)).Value);
        Assert.Equal(["created", "attempt.started", "attempt.taken_back", "attempt.outcome"], (await Site.Callbacks.TimelineAsync(Site.Tenant, waiting)).Select(e => e.Kind).Where(k => !k.StartsWith("push.", StringComparison.Ordinal)));

        var key = support.Key;
        support.Dispose();
        var snapshot = (await Site.Callbacks.ActivateAsync(key))!;
        Assert.Empty(snapshot.Attempts);
        Assert.Equal(CallbackState.Queued, Assert.Single(snapshot.Callbacks).State);
        Assert.Equal(held.Attempt.Id, (await Site.Callbacks.FindLiveAttemptAsync(Site.Tenant, Agent))!.Attempt.Id);
    }

    [Fact]
    public async Task A_lease_that_is_over_does_not_live_again_while_the_agent_has_a_callback_of_another_queue()
    {
        using var support = await OwnAsync("support");
        using var sales = await OwnAsync("sales");
        var waiting = await CreateAsync(support);
        await CreateAsync(sales);
        var first = (await support.NextAsync(Agent, TimeSpan.Zero, CancellationToken.None)).Value!.Attempt;
        Site.Clock.Advance(TimeSpan.FromSeconds(200));
        Assert.Null((await support.ResumeAsync(Agent)).Value);
        Assert.NotNull((await sales.NextAsync(Agent, TimeSpan.Zero, CancellationToken.None)).Value);

        Assert.Equal(Problems.AttemptConflict, (await support.ExtendAsync(first.Id, TimeSpan.FromSeconds(60))).Fault?.Problem);
        Assert.Equal(AttemptState.Unknown, (await Site.Callbacks.FindAttemptAsync(Site.Tenant, first.Id))!.Attempt.State);
        Assert.Equal(CallbackState.Queued, (await support.ReportOutcomeAsync(first.Id, AttemptOutcome.NoAnswer)).Value.CallbackState);
        Assert.Equal(1, (await support.RetrieveAsync(waiting)).Value.Callback.AttemptsMade);
    }

    [Fact]
    public async Task An_agent_who_ends_one_attempt_and_takes_the_next_in_one_commit_has_one()
    {
        using var support = await OwnAsync("support");
        for (var i = 0; i < 3; i++) await CreateAsync(support);
        var order = (await support.NextAsync(Agent, TimeSpan.Zero, CancellationToken.None)).Value!;
        for (var i = 0; i < 2; i++)
        {
            var done = support.ReportOutcomeAsync(order.Attempt.Id, AttemptOutcome.Completed);
            var next = support.NextAsync(Agent, TimeSpan.Zero, CancellationToken.None);
            Assert.Null((await done).Fault);
            order = (await next).Value!;
        }
    }

    [Fact]
    public async Task A_commit_that_gives_an_agent_a_second_live_attempt_is_refused_by_name_and_leaves_nothing()
    {
        var (support, sales) = (await Site.AddQueueAsync(Site.Tenant, "support"), await Site.AddQueueAsync(Site.Tenant, "sales"));
        await Site.CommitAsync(support, Sample.Created(Sample.Id(1)), new Change.AttemptSaved(Sample.Attempt(Sample.Id(2), Sample.Id(1), AttemptState.Live)));
        await Site.CommitAsync(sales, Sample.Created(Sample.Id(3)), new Change.AttemptSaved(Sample.Attempt(Sample.Id(4), Sample.Id(3), AttemptState.Unknown)));

        var refused = await Assert.ThrowsAsync<AgentsHeldException>(() => Site.CommitAsync(sales,
            Sample.Created(Sample.Id(5)),
            new Change.AttemptSaved(Sample.Attempt(Sample.Id(4), Sample.Id(3), AttemptState.Live)),
            new Change.AttemptSaved(Sample.Attempt(Sample.Id(7), Sample.Id(5), AttemptState.Live, "Grace"))));
        Assert.Equal([new HeldAttempt(Sample.Id(4), IsNew: false)], refused.Attempts);
        Assert.Null(await Site.Callbacks.FindAsync(Site.Tenant, Sample.Id(5)));

        refused = await Assert.ThrowsAsync<AgentsHeldException>(() => Site.CommitAsync(sales, Sample.Created(Sample.Id(5)), new Change.AttemptSaved(Sample.Attempt(Sample.Id(6), Sample.Id(5), AttemptState.Live))));
        Assert.Equal([new HeldAttempt(Sample.Id(6), IsNew: true)], refused.Attempts);
        // Another tenant's agent of the same name is another one.
        await Site.CommitAsync(await Site.AddQueueAsync(Site.OtherTenant), Sample.Created(Sample.Id(8)), new Change.AttemptSaved(Sample.Attempt(Sample.Id(9), Sample.Id(8), AttemptState.Live)));
    }

    private async Task<QueueOwner> OwnAsync(string name) =>
        (await QueueOwner.ActivateAsync(await Site.AddQueueAsync(Site.Tenant, name), Site.CallbacksOf(name), new DeliveryHandover(0), Site.Clock, (_, why) => Assert.Fail($"{name} was lost: {why}")))!;

    private async Task<Guid> CreateAsync(QueueOwner owner) => (await owner.CreateAsync(new NewCallback
    {
        PhoneNumber = FormattableString.Invariant($"+1415{++numbers:0000000}"),
        Targets = [Sample.Target],
        Details = new CallbackDetails(),
    })).Value.Id;
}
