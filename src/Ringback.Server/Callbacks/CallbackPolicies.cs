using Microsoft.AspNetCore.Authorization;
using Ringback.Engine.Access;
using Ringback.Server.Access;

namespace Ringback.Server.Callbacks;

/// <summary>Who reaches the pages of the Callbacks slice.</summary>
internal static class CallbackPolicies
{
    /// <summary>Below this path everything asks for <see cref="See"/>, whatever the page itself says.</summary>
    public const string Path = "/admin/callbacks";

    /// <summary>To see callbacks; a developer looks for their pushes there.</summary>
    public const string See = "callbacks.see";

    /// <summary>To see whole phone numbers.</summary>
    public const string PhoneNumbers = "callbacks.phone-numbers";

    /// <summary>To cancel and purge callbacks.</summary>
    public const string End = "callbacks.end";

    public static void Add(AuthorizationOptions options)
    {
        options.AddRoles(See, UserRole.Administrator, UserRole.Supervisor, UserRole.Developer, UserRole.Monitor);
        options.AddRoles(PhoneNumbers, UserRole.Administrator, UserRole.Supervisor);
        options.AddRoles(End, UserRole.Administrator, UserRole.Supervisor);
    }
}
