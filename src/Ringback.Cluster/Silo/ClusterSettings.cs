using System.ComponentModel.DataAnnotations;

namespace Ringback.Cluster.Silo;

/// <summary>How the nodes of one site find each other, section <c>Cluster</c>. Without <see cref="Enabled"/> the process is a cluster of its own, on loopback.</summary>
public sealed class ClusterSettings
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Cluster";

    /// <summary>Whether several processes share one PostgreSQL; each then finds the others through it.</summary>
    public bool Enabled { get; set; }

    /// <summary>Name of the cluster: processes with the same name and database belong together. 1 to 100 characters.</summary>
    [Required]
    [StringLength(100, MinimumLength = 1)]
    public string Name { get; set; } = "ringback";

    /// <summary>Address at which the other nodes reach this one. Anything but loopback must be protected by the network: traffic between nodes is not encrypted.</summary>
    [Required]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Port for the other nodes; 0 = a free one. 0 to 65535.</summary>
    [Range(0, 65_535)]
    public int Port { get; set; }
}
