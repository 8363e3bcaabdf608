using Microsoft.AspNetCore.Authorization;
using Ringback.Engine.Access;
using Ringback.Server.Access;

namespace Ringback.Server.Delivery;

/// <summary>Who reaches the pages of the Delivery slice.</summary>
internal static class DeliveryPolicies
{
    /// <summary>Below this path everything asks for <see cref="See"/>, whatever the page itself says.</summary>
    public const string Path = "/admin/deliveries";

    /// <summary>To see what became of pushes: the same people who see callbacks.</summary>
    public const string See = "deliveries.see";

    /// <summary>To send a push again, which a customer's phone shows.</summary>
    public const string SendAgain = "deliveries.send-again";

    /// <summary>To hold the pushes of queues back, and to let them go.</summary>
    public const string Pause = "deliveries.pause";

    public static void Add(AuthorizationOptions options)
    {
        options.AddRoles(See, UserRole.Administrator, UserRole.Supervisor, UserRole.Developer, UserRole.Monitor);
        options.AddRoles(SendAgain, UserRole.Administrator, UserRole.Supervisor);
        options.AddRoles(Pause, UserRole.Administrator, UserRole.Supervisor);
    }
}
