using System.Net;

namespace Ringback.Server;

/// <summary>Where a server keeps its data and listens. From the command line; everything else comes from the configuration.</summary>
public sealed record ServerOptions
{
    /// <summary>Folder of the database, the master key and nothing else that is secret.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address to listen on.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port to listen on; 0 = a free one.</summary>
    public int Port { get; init; }

    /// <summary>A JSON file with settings, below the environment in rank.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The database of this folder.</summary>
    public string DatabaseFile => Path.Combine(DataDirectory, "ringback.db");

    /// <summary>The key that seals the credentials of this folder's database. Backed up apart from it.</summary>
    public string MasterKeyFile => Path.Combine(DataDirectory, "master.key");
}
