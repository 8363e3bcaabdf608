using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;

namespace Ringback.TestKit;

/// <content>Moving the clock, and waiting until what follows from it has happened.</content>
public sealed partial class TestSite
{
    private const int MostSteps = 120;
    private static readonly TimeSpan shortestStep = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Moves the clock a step at a time; between two steps everything that the first one set off comes to its end, as it would in real time. A push that
    /// FCM has not answered yet does not hold the clock up.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan span)
    {
        await SettleAsync();
        var step = span / MostSteps;
        if (step < shortestStep) step = shortestStep;
        for (var left = span; left > TimeSpan.Zero; left -= step)
        {
            Clock.Advance(left < step ? left : step);
            await SettleAsync();
        }
    }

    /// <summary>Moves the clock to an instant.</summary>
    public Task AdvanceToAsync(DateTimeOffset at) => AdvanceAsync(at - Now);

    /// <summary>Moves the clock a second at a time until the push is there.</summary>
    public async Task<Push> AdvanceUntilPushAsync(string token, string pushEvent, TimeSpan most)
    {
        for (var until = Now + most; ; await AdvanceAsync(shortestStep))
        {
            await SettleAsync();
            if ((await Phones.InboxAsync(token)).LastOrDefault(p => p.Event == pushEvent) is { } push) return push;
            if (Now >= until) throw new TimeoutException($"{pushEvent} did not reach {token} within {most} by the site's clock.");
        }
    }

    /// <summary>Waits, without moving the clock, until the event has reached the token.</summary>
    public Task<Push> WaitForPushAsync(string token, string pushEvent) => Eventually.GetAsync(
        async () => (await Phones.InboxAsync(token)).LastOrDefault(p => p.Event == pushEvent), $"{pushEvent} at {token}");

    /// <summary>One push of the home tenant goes out to the token and arrives.</summary>
    public async Task ExpectSendAsync(string queue, string token)
    {
        await Home.FailForGoodAsync(queue, token);
        await WaitForPushAsync(token, "CALLBACK_FINAL_ATTEMPT_FAILED");
        await SettleAsync();
    }

    /// <summary>What the token has received, once nothing is on its way any more.</summary>
    public async Task<IReadOnlyList<Push>> InboxAsync(string? token = null)
    {
        await SettleAsync();
        return await Phones.InboxAsync(token);
    }

    /// <summary>The events that the token has received, in the order of their decision, once nothing is on its way any more.</summary>
    public async Task<string> EventsAsync(string token) =>
        string.Join(' ', (await InboxAsync(token)).OrderBy(p => int.Parse(p.Data("sequence"), System.Globalization.CultureInfo.InvariantCulture)).Select(p => p.Event["CALLBACK_".Length..]));

    /// <summary>
    /// Waits until all that was decided is committed and no push is due or on its way. Gives up after a moment, since a push may wait for an answer that only
    /// the clock brings.
    /// </summary>
    public async Task SettleAsync()
    {
        if (server is null) return;
        foreach (var queue in Query("select tenant_id, queue_id from queues", r => new QueueKey(new TenantId(r.GetInt32(0)), r.GetInt32(1))))
        {
            // The owner answers only after the commit of what came before.
            await Services.GetRequiredService<IQueueOwners>().Of(queue).EstimateAsync(null);
        }
        await Eventually.TryAsync(
            () =>
            {
                // What waits for credentials is not claimed before the next probe.
                var open = Services.GetRequiredService<DeliveryLoop>().Lanes().Where(lane => lane.OpenUntil is not null).Select(lane => (lane.Key.Tenant.Value, lane.Key.App)).ToHashSet();
                var due = Query(
                    "select tenant_id, app from outbox where state = 0 and (lease_owner is not null or next_at <= @now)", r => (r.GetInt32(0), r.GetString(1)), ("@now", Now.ToMicroseconds()));
                return Task.FromResult(due.All(open.Contains));
            },
            patience);
        await Eventually.YieldAsync();
    }
}
