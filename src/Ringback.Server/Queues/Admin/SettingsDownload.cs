using Ringback.Engine.Queues;
using Ringback.Server.Access;
using Ringback.Server.Queues.Api;

namespace Ringback.Server.Queues.Admin;

/// <summary>The export as a file for whoever has signed in.</summary>
internal static class SettingsDownload
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet($"{QueuePolicies.Path}/export/{{format:regex(^(csv|json)$)}}", async (HttpContext http, string format, IQueueStore queues) =>
            SettingsTransfer.File(await queues.ListAsync(http.User.TenantOf()), format == "csv" ? SettingsFormat.Csv : SettingsFormat.Json)).RequireAuthorization(QueuePolicies.See);

    public static string AddressOf(SettingsFormat format) => $"{QueuePolicies.Path}/export/{(format == SettingsFormat.Csv ? "csv" : "json")}";
}
