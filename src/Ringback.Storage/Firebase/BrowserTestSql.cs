namespace Ringback.Storage.Firebase;

internal static class BrowserTestSql
{
    public const string Find = """
        select tested_at, tested_by, failed_at_step, code, detail from browser_tests where tenant_id = @tenant and app = @app and version = @version
        """;

    /// <summary>Two tests may end at once: the later one stays.</summary>
    public const string Record = """
        insert into browser_tests (tenant_id, app, version, tested_at, tested_by, failed_at_step, code, detail)
        values (@tenant, @app, @version, @at, @by, @step, @code, @detail)
        on conflict (tenant_id, app, version) do update
        set tested_at = excluded.tested_at, tested_by = excluded.tested_by, failed_at_step = excluded.failed_at_step, code = excluded.code, detail = excluded.detail
        where browser_tests.tested_at <= excluded.tested_at
        """;
}
