using System.Diagnostics;
using System.Globalization;
using Ringback.LoadGen.Receiving;
using Ringback.Measuring;

namespace Ringback.LoadGen.Senders;

/// <summary>
/// Row <i>Sender alone</i> at a distance: what goes out when every answer takes its time, and over how many connections, against what so many connections of FCM's hundred streams can carry at most.
/// </summary>
internal static class DistanceRow
{
    private const string Project = "bench";
    private const int SecondsATurn = 5;

    /// <summary>So much in flight makes 5 000 messages a second with answers after 50 ms, and more; not a multiple of what a connection carries.</summary>
    private static readonly int[] inFlight = [100, 280];

    public static async Task<int> RunAsync(TimeSpan latency, int pairs, string? results)
    {
        List<Load> loads = [];
        foreach (var load in inFlight) loads.Add(await MeasureAsync(load, latency, pairs));
        var isGood = loads.TrueForAll(load => load.Ratio >= 0.9 && load.Connections <= 20);
        Console.WriteLine(isGood ? "good" : "NOT GOOD: goal ≥ 0.9 × of what the connections carry, and at most 20 of them");
        if (results is not null)
        {
            ResultFile.Write(results, "sender-distance", "Sender alone, no outbox, plain HTTP/2, every answer late", new
            {
                latencyMilliseconds = latency.TotalMilliseconds,
                ratio = loads[^1].Ratio,
                goal = "≥ 0.9 × of what so many connections carry, at most 20 for 5 000 a second",
                isGood,
                loads,
            });
        }
        return isGood ? 0 : 1;
    }

    /// <summary>A receiver and a sender of their own for each load, so that no connection is left over from another.</summary>
    private static async Task<Load> MeasureAsync(int inFlight, TimeSpan latency, int turns)
    {
        await using var receiver = ChildProgram.Start("Ringback.LoadGen/Ringback.LoadGen.dll", ["receive", "--forget", "--latency-ms", latency.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)]);
        var words = (await receiver.ReadyLineAsync()).Split(' ');
        await using var sender = await RingbackSender.StartAsync(new Uri($"{words[^2]}/token"), new Uri(words[^1]), Project);
        var roundTrip = await RoundTripAsync(sender);
        var rates = new List<double>();
        for (var turn = -1; turn < turns; turn++)
        {
            var rate = await TurnAsync(sender, inFlight);
            if (turn >= 0) rates.Add(rate); // Turn −1 warms up.
        }
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var connections = int.Parse(await http.GetStringAsync(new Uri($"{words[^2]}/connections")), CultureInfo.InvariantCulture);
        // What is in flight is the bound where the connections could carry more.
        var most = Math.Min(inFlight, BareReceiver.StreamsPerConnection * connections) / roundTrip.TotalSeconds;
        var load = new Load(inFlight, roundTrip.TotalMilliseconds, Figures.Median(rates), connections, most, Figures.Median(rates) / most);
        Console.WriteLine(Text($"{inFlight} in flight, answers after {latency.TotalMilliseconds:0} ms ({roundTrip.TotalMilliseconds:0.0} for one alone): {load.PerSecond:0} messages a second over {connections} connections; at most {most:0} are possible: {load.Ratio:0.00} ×"));
        return load;
    }

    /// <summary>What one send takes that is alone: a timer of the receiver is late by a part of its tick.</summary>
    private static async Task<TimeSpan> RoundTripAsync(RingbackSender sender)
    {
        var taken = new List<double>();
        for (var send = 0; send < 40; send++)
        {
            var started = Stopwatch.GetTimestamp();
            await sender.SendAsync(SenderRow.Message(send), SenderRow.Target(send));
            taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return TimeSpan.FromMilliseconds(Figures.Median(taken));
    }

    private static async Task<double> TurnAsync(RingbackSender sender, int inFlight)
    {
        var (sent, started) = (0, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < SecondsATurn)
            {
                var mine = Interlocked.Increment(ref sent);
                await sender.SendAsync(SenderRow.Message(mine), SenderRow.Target(mine));
            }
        })));
        return sent / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Load(int InFlight, double RoundTripMilliseconds, double PerSecond, int Connections, double MostPerSecond, double Ratio);
}
