using System.Globalization;

namespace Ringback.LoadGen.Fairness;

/// <summary>What the cores of this machine have done so far, everybody's work included, in ticks (proc(5), <c>/proc/stat</c>).</summary>
internal sealed record MachineCpu(long Busy, long Idle)
{
    public double BusyPercent => Busy + Idle == 0 ? 0 : 100.0 * Busy / (Busy + Idle);

    public static MachineCpu Read()
    {
        // cpu user nice system idle iowait irq softirq steal …; guests are in user already.
        var ticks = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9].Select(t => long.Parse(t, CultureInfo.InvariantCulture)).ToArray();
        var idle = ticks[3] + ticks[4];
        return new MachineCpu(ticks.Sum() - idle, idle);
    }

    public MachineCpu Since(MachineCpu before) => new(Busy - before.Busy, Idle - before.Idle);
}
