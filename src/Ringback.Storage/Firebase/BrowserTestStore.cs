using Ringback.Engine;
using Ringback.Engine.Firebase;

namespace Ringback.Storage.Firebase;

/// <inheritdoc/>
internal sealed class BrowserTestStore(IDatabase database) : IBrowserTestStore
{
    public Task<LastBrowserTest?> FindAsync(TenantId tenant, string app, int version, CancellationToken cancellation) =>
        CredentialStore.Guarded(() => database.ReadAsync(async s =>
            (await s.QueryAsync(BrowserTestSql.Find, r => Read(r, tenant, app, version), tenant, app, version)).FirstOrDefault()));

    public Task RecordAsync(LastBrowserTest test, CancellationToken cancellation) =>
        CredentialStore.Guarded(() => database.WriteAsync(WorkKind.Other, async s =>
            await s.ExecuteAsync(BrowserTestSql.Record, test.Tenant, test.App, test.Version, test.At, test.By, test.FailedAt?.ToString(), test.Code, test.Detail)));

    private static LastBrowserTest Read(Row row, TenantId tenant, string app, int version) => new()
    {
        Tenant = tenant,
        App = app,
        Version = version,
        At = row.At(),
        By = row.Text(),
        FailedAt = row.TextOrNull() is { } step ? Enum.Parse<TestStep>(step) : null,
        Code = row.TextOrNull(),
        Detail = row.Text(),
    };
}
