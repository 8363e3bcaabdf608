using Ringback.Engine.Access;
using Ringback.Server.Access.Api;

namespace Ringback.Server.Notifications.Api;

/// <summary>The calls of the Notifications slice.</summary>
internal static class NotificationEndpoints
{
    /// <summary>The right is one of its own and in no other: the engagement key ships inside apps, and with this one anybody could be written to.</summary>
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/engagement/v3/notifications/publish", PublishNotification.HandleAsync).RequireRights(ApiRights.Publish);
}
