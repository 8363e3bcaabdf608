using System.Globalization;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Queues;
using Ringback.Engine.Queues.Calendar;

namespace Ringback.Benchmarks;

/// <summary>A queue with many waiting callbacks, each with one push target.</summary>
internal static class BenchQueue
{
    /// <summary>Far below the threshold of five minutes only for the first place.</summary>
    public const double SlowHandlingSeconds = 299;

    private static readonly string[] allDay = ["00:00-24:00"];

    /// <summary>Hours that never close, so that every judgement asks the calendar and the machine's time of day does not matter.</summary>
    public static BusinessHours Hours { get; } = new()
    {
        TimeZone = "Europe/Berlin",
        Weekly = new WeeklyHours { Monday = allDay, Tuesday = allDay, Wednesday = allDay, Thursday = allDay, Friday = allDay, Saturday = allDay, Sunday = allDay },
    };

    public static async Task<QueueOwner> FilledAsync(NoStore store, int waiting)
    {
        var owner = await QueueOwner.ActivateAsync(new QueueKey(new TenantId(1), 1), store, new DeliveryHandover(0), TimeProvider.System, (_, why) => throw why);
        await owner!.ReportAsync(Report(86_400));
        var creates = new List<Task>(waiting);
        for (var i = 0; i < waiting; i++) creates.Add(owner.CreateAsync(New(i)));
        await Task.WhenAll(creates);
        return owner;
    }

    public static QueueReport Report(double handlingSeconds) =>
        new() { AgentsLoggedIn = 1, AgentsReady = 0, InteractionsWaiting = 0, MeanHandlingSeconds = handlingSeconds, Departures = 0 };

    public static NewCallback New(int number) => new()
    {
        PhoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1415{number:0000000}"),
        Targets = [new PushTarget(PushTargetType.Token, string.Create(CultureInfo.InvariantCulture, $"bench-{number}"))],
        Details = new CallbackDetails(),
    };
}
