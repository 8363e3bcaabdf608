namespace Ringback.Engine.Delivery;

/// <summary>Whose credentials send a push: one app of one tenant at the push service.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="App">Name of the app within the tenant.</param>
public readonly record struct CredentialKey(TenantId Tenant, string App)
{
    /// <summary>The app that is meant where none is named.</summary>
    public const string DefaultApp = "default";

    /// <summary>The key of a tenant's app; null: the default one.</summary>
    public static CredentialKey Of(TenantId tenant, string? app) => new(tenant, app ?? DefaultApp);

    /// <summary>The key of the tenant's default app.</summary>
    public static CredentialKey DefaultOf(TenantId tenant) => new(tenant, DefaultApp);

    /// <summary>Whose credentials send a row.</summary>
    public static CredentialKey Of(OutboxRow row) => Of(row.Tenant, row.Message.App);
}
