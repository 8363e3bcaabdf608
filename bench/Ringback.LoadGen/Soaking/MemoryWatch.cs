using System.Diagnostics;
using Ringback.Measuring;

namespace Ringback.LoadGen.Soaking;

/// <summary>The server's memory at an instant of one of its lives.</summary>
internal sealed record MemorySample(double Seconds, long Bytes);

/// <summary>How the memory of one process went.</summary>
/// <param name="Life">Which process, from 1.</param>
/// <param name="Seconds">How long it was watched.</param>
/// <param name="Samples">From its first third on: those that count.</param>
/// <param name="PeakBytes">The most that it held (VmHWM).</param>
/// <param name="MeanBytes">Of the samples that count.</param>
/// <param name="BytesPerMinute">Slope of the line that fits them best.</param>
/// <param name="RisePercent">What the line rises over them, in percent of the mean.</param>
internal sealed record MemoryOfLife(int Life, double Seconds, int Samples, long PeakBytes, double MeanBytes, double BytesPerMinute, double RisePercent)
{
    /// <summary>
    /// A line through garbage collections is never level. Over the last two thirds of a life a leak of one kilobyte for each push would lift it by more than this at the rates of a soak.
    /// </summary>
    public const double FlatPercent = 10;

    /// <summary>Fewer say nothing about a trend.</summary>
    public const int SamplesNeeded = 12;

    /// <summary>Null: too short to say.</summary>
    public bool? IsFlat => Samples < SamplesNeeded ? null : RisePercent <= FlatPercent;
}

/// <summary>Reads the server's memory (VmRSS) every few seconds, process by process.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan interval = TimeSpan.FromSeconds(5);
    private readonly Func<ChildProgram> server;
    private readonly PeriodicTimer tick = new(interval, TimeProvider.System);
    private readonly Lock gate = new();
    private readonly List<MemoryOfLife> lives = [];
    private readonly Task watching;
    private List<MemorySample> samples = [];
    private long bornAt = Stopwatch.GetTimestamp();
    private long peak;
    private bool isAlive = true;

    public MemoryWatch(Func<ChildProgram> server)
    {
        this.server = server;
        watching = Task.Run(WatchAsync);
    }

    public IReadOnlyList<MemoryOfLife> Lives
    {
        get
        {
            lock (gate) return [.. lives];
        }
    }

    /// <summary>As last looked at.</summary>
    public long LastBytes
    {
        get
        {
            lock (gate) return samples.Count == 0 ? 0 : samples[^1].Bytes;
        }
    }

    /// <summary>The process is about to end: nothing of what follows is its.</summary>
    public void EndLife()
    {
        Look();
        lock (gate)
        {
            var seconds = Stopwatch.GetElapsedTime(bornAt).TotalSeconds;
            lives.Add(Fit(lives.Count + 1, seconds, [.. samples.Where(s => s.Seconds >= seconds / 3)], peak));
            (samples, peak, isAlive) = ([], 0, false);
        }
    }

    /// <summary>Another process has taken its place.</summary>
    public void BeginLife()
    {
        lock (gate) (bornAt, isAlive) = (Stopwatch.GetTimestamp(), true);
    }

    public async ValueTask DisposeAsync()
    {
        tick.Dispose();
        await watching;
    }

    private async Task WatchAsync()
    {
        while (await tick.WaitForNextTickAsync()) Look();
    }

    private void Look()
    {
        lock (gate)
        {
            if (!isAlive || server().ResidentBytes is not (> 0 and var bytes)) return;
            samples.Add(new MemorySample(Stopwatch.GetElapsedTime(bornAt).TotalSeconds, bytes));
            peak = Math.Max(bytes, server().PeakBytes);
        }
    }

    /// <summary>Least squares.</summary>
    private static MemoryOfLife Fit(int life, double seconds, MemorySample[] counted, long peak)
    {
        if (counted.Length < 2) return new MemoryOfLife(life, seconds, counted.Length, peak, counted.Length == 0 ? 0 : counted[0].Bytes, 0, 0);
        var (meanX, meanY) = (counted.Average(s => s.Seconds), counted.Average(s => (double)s.Bytes));
        var slope = counted.Sum(s => (s.Seconds - meanX) * (s.Bytes - meanY)) / counted.Sum(s => (s.Seconds - meanX) * (s.Seconds - meanX));
        var rise = slope * (counted[^1].Seconds - counted[0].Seconds) / meanY * 100;
        return new MemoryOfLife(life, seconds, counted.Length, peak, meanY, slope * 60, rise);
    }
}
