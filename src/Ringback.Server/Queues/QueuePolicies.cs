using Microsoft.AspNetCore.Authorization;
using Ringback.Engine.Access;
using Ringback.Server.Access;

namespace Ringback.Server.Queues;

/// <summary>Who reaches the pages of the Queues slice (rule C2).</summary>
internal static class QueuePolicies
{
    /// <summary>Below this path everything asks for <see cref="See"/>, whatever the page itself says.</summary>
    public const string Path = "/admin/settings";

    /// <summary>To see settings: those who see whole phone numbers, of which settings hold some (caller ID, blocked numbers).</summary>
    public const string See = "settings.see";

    /// <summary>To change them.</summary>
    public const string Edit = "settings.edit";

    public static void Add(AuthorizationOptions options)
    {
        options.AddRoles(See, UserRole.Administrator, UserRole.Supervisor);
        options.AddRoles(Edit, UserRole.Administrator);
    }
}
