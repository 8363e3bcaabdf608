using System.Collections.Concurrent;
using Ringback.Engine;
using Ringback.TestKit;

namespace Ringback.Server.Tests.Crash;

/// <content>What customers want of their callbacks meanwhile, and customers who call in themselves.</content>
internal sealed partial class CrashLoad
{
    private const string CallInQueue = "load-in";

    /// <summary>Each wish with the entry that it leaves on the timeline.</summary>
    private static readonly (string Wish, string Entry)[] wishes =
        [("confirm", "confirmed"), ("snooze", "snoozed"), ("reschedule", "rescheduled"), ("push-targets", "targets.replaced"), ("cancel", "completed")];

    private readonly ConcurrentBag<(Guid Callback, string Entry)> granted = [];
    private readonly ConcurrentDictionary<Guid, bool> unasked = new();
    private int callIns;
    private int merges;

    /// <summary>Whether customers have got everything that they can want, at least once.</summary>
    public bool HasGrantedAll => callIns > 0 && merges > 0 && wishes.All(w => granted.Any(g => g.Entry == w.Entry));

    /// <summary>Whether what was granted is on the timeline, and whether whoever cancelled, called in or was merged was left alone from then on.</summary>
    public async Task CheckWishesAsync()
    {
        foreach (var callback in granted.GroupBy(g => g.Callback))
        {
            var kinds = (await client.TimelineAsync(callback.Key)).Select(e => e.GetProperty("kind").GetString()!).ToList();
            foreach (var (_, entry) in callback.Where(g => !kinds.Contains(g.Entry))) faults.Add($"{callback.Key}: {entry} was answered and is not recorded");
            var last = callback.Select(g => kinds.LastIndexOf(g.Entry)).Where(i => i >= 0 && kinds[i] is "completed" or "callin.matched" or "callin.merged").DefaultIfEmpty(-1).Max();
            if (last >= 0 && kinds.Skip(last).Contains("attempt.started")) faults.Add($"{callback.Key}: an attempt after {kinds[last]}");
            if (kinds.Count(k => k is "completed" or "callin.matched" or "callin.merged") > 2) faults.Add($"{callback.Key}: over, or called in, more than once");
        }
    }

    private async Task WishAsync(Random own, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (known.ToArray() is not { Length: > 0 } all)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
                continue;
            }
            // Few cancel, or nobody would be left; most wish for something of a callback that is over already.
            var (callback, (wish, entry)) = (all[own.Next(all.Length)], wishes[own.Next(40) is var n && n < wishes.Length ? n : n % (wishes.Length - 1)]);
            object body = wish switch
            {
                "snooze" => new { id = callback.Id, minutes = 1 },
                "reschedule" => new { id = callback.Id, desiredTime = WireTime.Of(TimeProvider.System.GetUtcNow().AddSeconds(5)) },
                // The same ones: which target has which slot is what the inspection goes by.
                "push-targets" => new { id = callback.Id, pushTargets = callback.Targets.Select(target => new { channel = "FCM", target }) },
                _ => new { id = callback.Id },
            };
            var answer = await client.InsistAsync(HttpMethod.Post, $"engagement/v3/callbacks/{wish}", body);
            if (answer.Status == 200) granted.Add((callback.Id, entry));
            else if (answer.Status != 400) faults.Add($"{wish} of {callback.Id} was answered with {answer.Status} {answer.Body}");
        }
    }

    /// <summary>Customers of the call-in queue, one after the other: READY, call-in data, call, end.</summary>
    private async Task CallInAsync(CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var callback = await client.CreateAsync(CallInQueue, $"+1415{3_300_000 + number}", $"load-in-{number}-phone");
            known.Add(callback);
            var given = await ProcessSitePoll.UntilAsync($"call-in data for {callback.Id}", async () =>
            {
                await client.ReportAsync(CallInQueue, waiting: 0, ready: 5, departures: 0, $"in-{number}-{TimeProvider.System.GetTimestamp()}");
                var answer = await client.InsistAsync(HttpMethod.Post, "engagement/v3/call-in/requests/create", new { groupName = ProcessSite.CallInGroup, callbackServiceId = callback.Id });
                // 400: it is not the customer's turn yet, or they have cancelled meanwhile.
                return answer.Status == 200 || stop.IsCancellationRequested || await IsOverAsync(callback.Id) ? answer : null;
            });
            if (given.Status != 200) continue;
            var accessCode = given.Body.GetProperty("data").GetProperty("accessCode").GetString();
            if (await TalkAsync(callback.Id, new { accessCode }, "callin.matched")) callIns++;
        }
    }

    /// <summary>Customers who do not wait for the call, but make one.</summary>
    private async Task CallUnaskedAsync(CancellationToken stop)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var fromPhoneNumber = $"+1415{4_300_000 + number}";
            var callback = await client.CreateAsync(Queue, fromPhoneNumber, $"load-unasked-{number}-phone");
            known.Add(callback);
            unasked[callback.Id] = true;
            if (await TalkAsync(callback.Id, new { fromPhoneNumber, queue = Queue }, "callin.merged")) merges++;
        }
    }

    /// <summary>The call comes in and ends. False where an agent was faster, the customer has cancelled, or the answer to the match was lost with its attempt.</summary>
    private async Task<bool> TalkAsync(Guid callback, object call, string entry)
    {
        var match = await client.InsistAsync(HttpMethod.Post, "management/v1/call-in/match", call);
        if (match.Status == 404) return false;
        if (match.Status != 200 || match.Body.GetProperty("callbackId").GetGuid() != callback)
        {
            faults.Add($"the call of {callback} was answered with {match.Status} {match.Body}");
            return false;
        }
        granted.Add((callback, entry));
        var end = await client.InsistAsync(HttpMethod.Post, $"management/v1/attempts/{match.Body.GetProperty("attemptId").GetString()}/outcome", new { outcome = "COMPLETED" });
        if (end.Status != 200) faults.Add($"the end of the call of {callback} was answered with {end.Status} {end.Body}");
        else granted.Add((callback, "completed"));
        return true;
    }

    private async Task<bool> IsOverAsync(Guid callback) => (await client.RetrieveAsync(callback)).GetProperty("callbackState").GetString() == "COMPLETED";
}
