using System.Diagnostics;
using System.Globalization;

namespace Ringback.LoadGen.Running;

/// <summary>One line a second while a run goes on.</summary>
internal sealed class Progress : IAsyncDisposable
{
    private readonly long started = Stopwatch.GetTimestamp();
    private readonly PeriodicTimer tick = new(TimeSpan.FromSeconds(1), TimeProvider.System);
    private readonly TextWriter screen;
    private readonly Task printing;
    private Func<string> now = () => "starting";

    public Progress(TextWriter screen)
    {
        this.screen = screen;
        printing = Task.Run(PrintAsync);
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    /// <summary>From now on this is what happens.</summary>
    public void Show(Func<string> what)
    {
        Volatile.Write(ref now, what);
        Print();
    }

    public async ValueTask DisposeAsync()
    {
        tick.Dispose();
        await printing;
    }

    private async Task PrintAsync()
    {
        while (await tick.WaitForNextTickAsync()) Print();
    }

    private void Print() => screen.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0} s  {Volatile.Read(ref now)()}"));
}
