using System.Text.Json;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.CallIn;
using Ringback.Engine.Queues;
using Ringback.Server.Access;
using Ringback.Server.Commands;

namespace Ringback.Server.Demo;

/// <summary>Keys of a demo site; kept in its folder, so that they are the same after a restart.</summary>
/// <param name="ApiKey">Right <c>engagement</c>.</param>
/// <param name="ManagementKey">Right <c>management</c>.</param>
/// <param name="Users">One log-in per role.</param>
internal sealed record DemoKeys(string ApiKey, string ManagementKey, IReadOnlyList<DemoUser> Users);

/// <summary>Fills a new database with the demo tenant. Done step by step so that a seed that was cut off goes on where it stopped.</summary>
internal static class DemoSeed
{
    public const string Queue = "support";
    public const string CallInQueue = "callin";
    public const string CallInGroup = "callin-numbers";

    private const string Tenant = "demo";

    /// <summary>Makes what is missing, while the server does not run.</summary>
    public static async Task<DemoKeys> PlantAsync(string dataDirectory, CancellationToken cancellation)
    {
        await using var site = await OfflineSite.OpenAsync(new ServerOptions { DataDirectory = dataDirectory }, mayMigrate: true, cancellation);
        var access = site.Get<IAccessStore>();
        var tenant = await ApiKeysCommand.TenantAsync(access, Tenant);
        var keys = Keys(Path.Combine(dataDirectory, "demo-keys.json"), tenant);
        await PlantKeyAsync(access, tenant, keys.ApiKey, "demo app", ApiRights.Engagement);
        await PlantKeyAsync(access, tenant, keys.ManagementKey, "demo administrator", ApiRights.Management);

        foreach (var user in keys.Users) await PlantUserAsync(site, tenant, user);

        var groups = site.Get<ICallInStore>();
        if (await groups.FindGroupAsync(tenant, CallInGroup) is null)
            await groups.SaveGroupAsync(tenant, new CallInGroup { Name = CallInGroup, PhoneNumbers = ["+14155550199"], AccessCodeDigits = 6 });
        var queues = site.Get<IQueueStore>();
        await PlantQueueAsync(queues, tenant, Queue, new QueueSettings { Type = QueueType.UserTerminated });
        await PlantQueueAsync(queues, tenant, CallInQueue, new QueueSettings { Type = QueueType.UserOriginated, CallInGroup = CallInGroup });
        return keys;
    }

    /// <summary>The file comes first: keys in the database that nobody knows would lock the owner out.</summary>
    private static DemoKeys Keys(string path, TenantId tenant)
    {
        var kept = File.Exists(path) ? JsonSerializer.Deserialize<DemoKeys>(File.ReadAllText(path), JsonSerializerOptions.Web) : null;
        // A site from before there were users has none in its file.
        if (kept is { Users.Count: > 0 }) return kept;
        var keys = new DemoKeys(kept?.ApiKey ?? ApiKey.New(tenant), kept?.ManagementKey ?? ApiKey.New(tenant), [.. Enum.GetValues<UserRole>().OrderDescending().Select(NewUser)]);
        PrivateFile.Write(path, JsonSerializer.Serialize(keys, JsonSerializerOptions.Web));
        return keys;
    }

    private static DemoUser NewUser(UserRole role) => new(role.ToString().ToLowerInvariant(), UserAccounts.NewPassword(), role.ToString());

    private static async Task PlantUserAsync(OfflineSite site, TenantId tenant, DemoUser user)
    {
        if ((await site.Get<IUserAccountStore>().ListAsync(tenant)).Any(u => u.Name == user.Name)) return;
        if (await site.Get<UserAccounts>().AddAsync(tenant, user.Name, Enum.Parse<UserRole>(user.Role), user.Password) is { } why) throw new CommandException(why);
    }

    private static async Task PlantKeyAsync(IAccessStore access, TenantId tenant, string key, string name, ApiRights rights)
    {
        if (await access.FindKeyAsync(tenant, ApiKey.Hash(key)) is null) await ApiKeysCommand.AddAsync(access, key, name, rights);
    }

    private static async Task PlantQueueAsync(IQueueStore queues, TenantId tenant, string name, QueueSettings settings)
    {
        if (await queues.FindAsync(tenant, name) is null) await queues.AddAsync(tenant, name, settings, "demo", TimeProvider.System.Now());
    }
}
