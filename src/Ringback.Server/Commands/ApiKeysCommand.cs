using System.CommandLine;
using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Server.Commands;

/// <summary><c>ringback api-keys create</c>: the first keys of a site.</summary>
internal static class ApiKeysCommand
{
    private static readonly Dictionary<string, ApiRights> rightsByName = new(StringComparer.Ordinal)
    {
        ["engagement"] = ApiRights.Engagement,
        ["agent"] = ApiRights.Agent,
        ["credentials"] = ApiRights.Credentials,
        ["management"] = ApiRights.Management,
        ["publish"] = ApiRights.Publish,
    };

    private static readonly Option<string> tenant = new("--tenant") { Description = "Name of the tenant; made where there is none.", DefaultValueFactory = _ => "default" };
    private static readonly Option<string> name = new("--name") { Description = "What the key is for; shown wherever its holder changed something.", Required = true };
    private static readonly Option<string[]> rights = new("--right") { Description = $"What the key may do: {string.Join(", ", rightsByName.Keys)}. May be given several times.", HelpName = "RIGHT", Required = true };

    public static Command Create()
    {
        rights.CompletionSources.Add([.. rightsByName.Keys]);
        rights.Validators.Add(given =>
        {
            // One line, unlike AcceptOnlyFromAmong.
            foreach (var token in given.Tokens.Where(token => !rightsByName.ContainsKey(token.Value)))
                given.AddError($"'{token.Value}' is no right; there are {string.Join(", ", rightsByName.Keys)}.");
        });
        var create = new Command("create", "Makes a key and prints it, once. On SQLite the server must be stopped.") { ServeCommand.Data, ServeCommand.Config, tenant, name, rights };
        create.SetAction((line, cancellation) => RingbackCommand.RunAsync(async () =>
        {
            await using var site = await OfflineSite.OpenAsync(ServeCommand.OptionsOf(line), mayMigrate: false, cancellation);
            var granted = line.GetRequiredValue(rights).Aggregate(ApiRights.None, (sum, right) => sum | rightsByName[right]);
            var id = await TenantAsync(site.Get<IAccessStore>(), line.GetRequiredValue(tenant));
            var key = ApiKey.New(id);
            await AddAsync(site.Get<IAccessStore>(), key, line.GetRequiredValue(name), granted);
            Console.WriteLine(key);
            return 0;
        }));
        return new Command("api-keys", "API keys.") { create };
    }

    /// <summary>The tenant of that name, made where there is none.</summary>
    public static async Task<TenantId> TenantAsync(IAccessStore store, string name) =>
        await store.FindTenantAsync(name) ?? await store.AddTenantAsync(name, TimeProvider.System.Now()) ?? throw new CommandException($"The tenant {name} cannot be made.");

    /// <summary>Stores a key that was made before.</summary>
    public static Task AddAsync(IAccessStore store, string key, string name, ApiRights rights)
    {
        if (!ApiKey.TryReadTenant(key, out var tenant)) throw new CommandException("The text is no API key.");
        var now = TimeProvider.System.Now();
        return store.AddKeyAsync(new ApiKeyRecord(tenant, Guid.CreateVersion7(now), name, rights, ApiKey.Hash(key), now, null));
    }
}
