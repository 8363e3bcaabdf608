using System.Diagnostics;
using System.Globalization;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Measuring;

namespace Ringback.LoadGen.Senders;

/// <summary>Row <i>Sender alone</i>: the way out to FCM without outbox, against two loops that one could write oneself and, where it is at hand, firebase-admin; CPU of this process for each message.</summary>
internal static class SenderRow
{
    private const string Project = "bench";
    private const int InFlight = 100;
    public static async Task<int> RunAsync(int messages, int pairs, string? firebaseAdmin, string? results)
    {
        await using var receiver = ChildProgram.Start("Ringback.LoadGen/Ringback.LoadGen.dll", ["receive", "--forget"]);
        var words = (await receiver.ReadyLineAsync()).Split(' ');
        var (token, send) = (new Uri($"{words[^2]}/token"), new Uri(words[^1]));
        var messageUri = new Uri(send, $"v1/projects/{Project}/messages:send");
        var bearer = new string('t', 1_000); // About as long as Google's.
        await using var ringback = await RingbackSender.StartAsync(token, send, Project);
        await using var tuned = new TunedSender(messageUri, bearer);
        await using var naive = new NaiveSender(messageUri, bearer);
        List<ISender> senders = [ringback, tuned, naive];
        if (firebaseAdmin is not null)
        {
            var http1 = new Uri(token, messageUri.AbsolutePath);
            senders.Add(new FirebaseAdminSender(firebaseAdmin, http1, bearer, Project, null));
            senders.Add(new FirebaseAdminSender(firebaseAdmin, messageUri, bearer, Project, new SocketsHttpHandler()));
        }
        var turns = senders.ToDictionary(s => s.Name, _ => new List<Turn>());
        for (var pair = -1; pair < pairs; pair++)
        {
            foreach (var sender in senders)
            {
                // Round −1 warms up, and is as long as the others.
                var turn = await RunAsync(sender, messages);
                if (pair >= 0) turns[sender.Name].Add(turn);
                Console.WriteLine(Text($"{(pair < 0 ? "warm-up" : Text($"turn {pair + 1} of {pairs}"))}: {sender.Name}: {turn.PerSecond:0} messages a second, {turn.CpuMicroseconds:0.0} µs CPU each"));
            }
        }
        var medians = turns.ToDictionary(t => t.Key, t => new Turn(Figures.Median(t.Value.Select(v => v.PerSecond)), Figures.Median(t.Value.Select(v => v.CpuMicroseconds)), Figures.Median(t.Value.Select(v => v.BytesAllocated))));
        Console.WriteLine();
        foreach (var (name, turn) in medians)
            Console.WriteLine(Text($"{name,-32}{turn.PerSecond,9:0} messages a second {turn.CpuMicroseconds,8:0.0} µs CPU each {turn.BytesAllocated,8:0} bytes allocated each; CPU of Ringback's is {medians[ringback.Name].CpuMicroseconds / turn.CpuMicroseconds:0.00} × of this"));
        Console.WriteLine("goals: at most 1.15 × of the tuned loop, 0.35 × of firebase-admin as shipped, 0.55 × of it over HTTP/2");
        foreach (var peer in senders.OfType<FirebaseAdminSender>()) await peer.DisposeAsync();
        if (results is not null)
        {
            ResultFile.Write(results, "sender", "Sender alone, no outbox, plain HTTP/2, 100 in flight", new
            {
                medians,
                turns,
                notMeasured = firebaseAdmin is null ? "firebase-admin for .NET: no assembly of it was given" : null,
            });
        }
        return 0;
    }

    private static async Task<Turn> RunAsync(ISender sender, int messages)
    {
        using var self = Process.GetCurrentProcess();
        var (cpu, bytes, next) = (self.TotalProcessorTime, GC.GetTotalAllocatedBytes(), 0);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var mine && mine <= messages) await sender.SendAsync(Message(mine), Target(mine));
        })));
        var elapsed = Stopwatch.GetElapsedTime(started);
        self.Refresh();
        return new Turn(messages / elapsed.TotalSeconds, (self.TotalProcessorTime - cpu).TotalMicroseconds / messages, (double)(GC.GetTotalAllocatedBytes() - bytes) / messages);
    }

    internal static PushMessage Message(int number)
    {
        var now = TimeProvider.System.Now();
        return new PushMessage
        {
            Event = "CALLBACK_UPCOMING",
            NotificationId = Guid.CreateVersion7(now),
            CallbackId = Guid.CreateVersion7(now),
            ServiceName = "support",
            Sequence = 1,
            OccurredAt = now,
            ExpiresAt = now.AddMinutes(5),
            Presentation = Presentation.Notification,
            Title = "Your callback is coming up",
            Body = "We will call you in about 4 minutes.",
            Extra = [new("estimatedWaitSeconds", "240"), new("position", number.ToString(CultureInfo.InvariantCulture))],
        };
    }

    internal static PushTarget Target(int number) => new(PushTargetType.Token, string.Create(CultureInfo.InvariantCulture, $"{number:00000000}:APA91bF-a-registration-token-of-the-usual-length-{new string('x', 100)}"));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Turn(double PerSecond, double CpuMicroseconds, double BytesAllocated);
}
