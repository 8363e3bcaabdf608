using Ringback.Engine;
using Ringback.Engine.Access;

namespace Ringback.Server.Commands;

/// <summary>What <c>--tenant</c> names, for commands that make no tenant.</summary>
internal static class TenantOption
{
    /// <summary>More names than this help nobody who mistyped one.</summary>
    private const int MostNames = 10;

    /// <summary>The tenant of that name; where there is none, the refusal names those that there are.</summary>
    public static async Task<TenantId> FindAsync(OfflineSite site, string name)
    {
        var store = site.Get<IAccessStore>();
        if (await store.FindTenantAsync(name) is { } tenant) return tenant;
        var names = await store.ListTenantNamesAsync(MostNames + 1);
        throw new CommandException($"There is no tenant {name}. " + names switch
        {
            [] => "This site has none yet; 'ringback users add' and 'ringback api-keys create' make one.",
            _ => $"Name one with --tenant: {string.Join(", ", names.Take(MostNames))}{(names.Count > MostNames ? ", …" : "")}.",
        });
    }
}
