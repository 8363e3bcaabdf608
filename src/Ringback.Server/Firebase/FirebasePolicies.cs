using Microsoft.AspNetCore.Authorization;
using Ringback.Engine.Access;
using Ringback.Server.Access;

namespace Ringback.Server.Firebase;

/// <summary>Who reaches the pages of the Firebase slice (rule A1).</summary>
internal static class FirebasePolicies
{
    /// <summary>Below this path everything asks for <see cref="Credentials"/>, whatever the page itself says.</summary>
    public const string Path = "/admin/developer/credentials";

    public const string Credentials = "firebase.credentials";

    public static void Add(AuthorizationOptions options) => options.AddRoles(Credentials, UserRole.Administrator, UserRole.Developer);
}
