using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Serialization;
using Ringback.Cluster.Queues;
using Ringback.Engine.Callbacks;

namespace Ringback.Cluster.Silo;

/// <summary>Registers the silo and the owners of the queues. There is always a silo: a single local one where the cluster is off, so that there is one code path.</summary>
public static class ClusterServices
{
    private static readonly JsonSerializerOptions wire = new()
    {
        Converters = { new AnswerJson(), new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Adds the silo.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="settings">How nodes find each other; whoever calls this checks them.</param>
    /// <param name="connectionString">The PostgreSQL that holds the list of nodes; needed where the cluster is enabled.</param>
    public static IHostApplicationBuilder AddCluster(this IHostApplicationBuilder builder, ClusterSettings settings, string? connectionString)
    {
        builder.UseOrleans(silo =>
        {
            // An address that is none is refused with all other mistakes, after the container is made and before anything starts.
            var address = IPAddress.TryParse(settings.Address, out var given) ? given : IPAddress.Loopback;
            var port = settings.Port == 0 ? FreePort(address) : settings.Port;
            silo.Configure<EndpointOptions>(endpoint =>
            {
                // No gateway: clients of ours speak HTTP, and only nodes speak to nodes.
                (endpoint.AdvertisedIPAddress, endpoint.SiloPort, endpoint.GatewayPort) = (address, port, 0);
                (endpoint.SiloListeningEndpoint, endpoint.GatewayListeningEndpoint) = (new IPEndPoint(address, port), null);
            });
            // A trace goes through the queue's owner, whichever node that is. Nothing where nobody collects traces.
            silo.AddActivityPropagation();
            if (settings.Enabled) silo.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = ("Npgsql", connectionString));
            else silo.UseLocalhostClustering(port, gatewayPort: 0);
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.Name, "ringback"));
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                // A queue without an owner is a queue whose customers are not told: a dead node is voted out after some seconds, not minutes.
                membership.ProbeTimeout = TimeSpan.FromSeconds(2);
                membership.NumMissedProbesLimit = 3;
                membership.NumVotesForDeathDeclaration = 1;
                membership.DefunctSiloCleanupPeriod = TimeSpan.FromHours(1);
            });
        });
        builder.Services.AddSerializer(serializer => serializer.AddJsonSerializer(type => type.Namespace?.StartsWith("Ringback.Engine", StringComparison.Ordinal) == true, wire));
        builder.Services.AddSingleton<LocalOwners>();
        builder.Services.AddSingleton<ClusterQueueOwners>();
        builder.Services.AddSingleton<IQueueOwners>(services => services.GetRequiredService<ClusterQueueOwners>());
        builder.Services.AddHostedService(services => services.GetRequiredService<ClusterQueueOwners>());
        return builder;
    }

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
