using System.Net;
using Microsoft.Extensions.Options;
using Ringback.Cluster.Silo;
using Ringback.Storage;

namespace Ringback.Server;

/// <summary>What types cannot say about <see cref="ClusterSettings"/>: nodes meet in a database that they share.</summary>
internal sealed class ClusterSettingsRules(IConfiguration configuration) : IValidateOptions<ClusterSettings>
{
    private const string Provider = $"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}";

    public ValidateOptionsResult Validate(string? name, ClusterSettings options)
    {
        var mistakes = new List<string>();
        if (!IPAddress.TryParse(options.Address, out _)) mistakes.Add($"{ClusterSettings.Section}:{nameof(ClusterSettings.Address)} must be an IP address.");
        if (options.Enabled && !"postgresql".Equals(configuration[Provider], StringComparison.OrdinalIgnoreCase))
            mistakes.Add($"{ClusterSettings.Section}:{nameof(ClusterSettings.Enabled)} needs {Provider} postgresql: several processes cannot share a SQLite file.");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
