using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Delivery;

/// <summary>The Firebase projects of a tenant's apps, by the credentials in force.</summary>
internal sealed class PushProjects
{
    private readonly Dictionary<string, string> byApp = new(StringComparer.Ordinal);

    private PushProjects()
    {
    }

    /// <summary>The project of the default app; null where it has no credentials.</summary>
    public string? Default => byApp.GetValueOrDefault(CredentialKey.DefaultApp);

    /// <summary>Reads them.</summary>
    public static async Task<PushProjects> OfAsync(CredentialService credentials, TenantId tenant, CancellationToken cancellation)
    {
        var projects = new PushProjects();
        foreach (var app in await credentials.AppsAsync(tenant, cancellation))
        {
            if ((await credentials.GetAsync(new CredentialKey(tenant, app), cancellation)).ProjectName is { } project) projects.byApp[app] = project;
        }
        return projects;
    }

    /// <summary>The project that took a push, or would; null where its app has no credentials.</summary>
    public string? Of(LoggedPush push) => push.AcceptedBy ?? byApp.GetValueOrDefault(push.Message.App ?? CredentialKey.DefaultApp);

    /// <summary>A project to look for.</summary>
    public PushProject Named(string project) =>
        new(project, Default == project, byApp.Where(pair => pair.Value == project && pair.Key != CredentialKey.DefaultApp).Select(pair => pair.Key).FirstOrDefault());
}
