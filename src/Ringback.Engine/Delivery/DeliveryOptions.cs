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

    /// <summary>A send is begun only under a lease that outlasts an ordinary send (10 s) by <see cref="LeaseLeftAfterSend"/>; else the lease is renewed first.</summary>
    public static readonly TimeSpan LeaseNeededToSend = TimeSpan.FromSeconds(15);

    /// <summary>Rows that may wait in memory; further ones wait in the database. 1 to 100 000.</summary>
    [Range(1, 100_000)]
    public int HandoverCapacity { get; set; } = 10_000;

    /// <summary>Sends in flight at once for one tenant: one HTTP/2 connection to FCM carries 100 streams. 1 to 1000.</summary>
    [Range(1, 1_000)]
    public int SendsInFlight { get; set; } = 100;

    /// <summary>Rows claimed at once from the database. 1 to 5000.</summary>
    [Range(1, 5_000)]
    public int ClaimSize { get; set; } = 500;

    /// <summary>How often due and orphaned rows are looked for, in seconds. 1 to 60.</summary>
    [Range(1, 60)]
    public int SweepSeconds { get; set; } = 1;
}
