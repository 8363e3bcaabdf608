using System.ComponentModel.DataAnnotations;

namespace Ringback.Engine.Delivery;

/// <summary>Settings of the delivery loop, section <c>Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Delivery";

    /// <summary>How long a claimed row is ours: longer than a send can last, short enough that another node takes over soon.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>What must be left of the lease when a send has ended, for its result to be written before anybody else takes the row.</summary>
    public static readonly TimeSpan LeaseLeftAfterSend = TimeSpan.FromSeconds(5);

    /// <summary>What a request has at least, whatever was waited for before it: one that is given up earlier may have been taken over and then shows twice.</summary>
    public static readonly TimeSpan LeastForRequest = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A send is begun only under a lease that outlasts a fetch of an access token (5 s) and a request (<see cref="LeastForRequest"/>) by <see cref="LeaseLeftAfterSend"/>; else the lease is renewed first. A row
    /// is claimed up to 5 s before its turn, and that must need no renewal: each is a write of its own.
    /// </summary>
    public static readonly TimeSpan LeaseNeededToSend = TimeSpan.FromSeconds(20);

    /// <summary>Rows that may wait in memory; further ones wait in the database. 1 to 100 000.</summary>
    [Range(1, 100_000)]
    public int HandoverCapacity { get; set; } = 10_000;

    /// <summary>Sends in flight at once for one credential: one HTTP/2 connection to FCM carries 100 streams. 1 to 1000.</summary>
    [Range(1, 1_000)]
    public int SendsInFlight { get; set; } = 100;

    /// <summary>Sends in flight at once for all credentials together, which take turns: a further connection is opened for each 100. 1 to 5000.</summary>
    [Range(1, 5_000)]
    public int SendsInFlightInAll { get; set; } = 400;

    /// <summary>Messages a minute for one credential: FCM's quota of a project. Where several processes send, give each its share. 1 to 60 000 000.</summary>
    [Range(1, 60_000_000)]
    public int MessagesPerMinute { get; set; } = 600_000;

    /// <summary>How long the rate of a credential grows from a tenth to the whole after an idle minute, in seconds, as FCM asks senders to. 0 to 600; 0 for at once.</summary>
    [Range(0, 600)]
    public int RampUpSeconds { get; set; } = 60;

    /// <summary>
    /// From more than how many of a hundred addresses that die within a minute, at least 20 of them, they are only suspected: then the fault is likely not theirs. 1 to 100; 100 for never.
    /// </summary>
    [Range(1, 100)]
    public int DeadTargetsPercent { get; set; } = 30;

    /// <summary>Rows claimed at once from the database. 1 to 5000.</summary>
    [Range(1, 5_000)]
    public int ClaimSize { get; set; } = 500;

    /// <summary>How often due and orphaned rows are looked for, in seconds. 1 to 60.</summary>
    [Range(1, 60)]
    public int SweepSeconds { get; set; } = 1;

    /// <summary>
    /// Minutes after the end of a callback in which its pushes stay in the outbox; then they lie in the history. 1 to 1440. The timeline shows them all the same.
    /// </summary>
    [Range(1, 1_440)]
    public int FinishedMinutes { get; set; } = 10;

    /// <summary>Days for which what became of a push can be read, counted from its decision, on timelines too. 1 to 3650.</summary>
    [Range(1, 3_650)]
    public int HistoryDays { get; set; } = 30;

    /// <summary>The most that <see cref="DrainSeconds"/> may be.</summary>
    public const int MostDrainSeconds = 40;

    /// <summary>How long a process that is told to stop waits for the answers to what it has sent, in seconds. A send lasts 10 s at most, unless its setting says more. 1 to 40.</summary>
    [Range(1, MostDrainSeconds)]
    public int DrainSeconds { get; set; } = 12;
}
