using Microsoft.AspNetCore.Authorization;
using Ringback.Engine.Access;

namespace Ringback.Server.Access;

/// <summary>The policy that holds for every page, and how slices make their own.</summary>
internal static class AccessPolicies
{
    /// <summary>Anybody who has signed in.</summary>
    public const string SignedIn = "signed-in";

    public static void Add(AuthorizationOptions options) => options.AddPolicy(SignedIn, policy => policy.RequireAuthenticatedUser());

    /// <summary>A policy that holds for these roles only.</summary>
    public static void AddRoles(this AuthorizationOptions options, string policy, params UserRole[] roles) =>
        options.AddPolicy(policy, builder => builder.RequireAuthenticatedUser().RequireRole(roles.Select(r => r.ToString())));
}
