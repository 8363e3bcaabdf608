using System.Globalization;

namespace Ringback.LoadGen.Receiving;

/// <summary>Asks the bare receiver what has arrived.</summary>
internal sealed class BareInbox(Uri address) : IInbox
{
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
    private int seen;

    public static string Line(Arrival a) =>
        string.Create(CultureInfo.InvariantCulture, $"{a.At.UtcTicks} {a.NotificationId} {a.CallbackId} {a.Event} {a.Sequence} {a.Number} {a.Token}\n");

    public async Task<IReadOnlyList<Arrival>> TakeNewAsync()
    {
        var text = await http.GetStringAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/arrivals?after={seen}"), UriKind.Relative));
        var news = new List<Arrival>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var field = line.Split(' ', 7);
            news.Add(new Arrival(
                new DateTimeOffset(long.Parse(field[0], CultureInfo.InvariantCulture), TimeSpan.Zero), Guid.Parse(field[1]), Guid.Parse(field[2]), string.Intern(field[3]),
                int.Parse(field[4], CultureInfo.InvariantCulture), field[6], int.Parse(field[5], CultureInfo.InvariantCulture)));
        }
        seen += news.Count;
        return news;
    }

    public void Dispose() => http.Dispose();
}
