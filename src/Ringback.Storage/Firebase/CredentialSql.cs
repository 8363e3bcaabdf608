namespace Ringback.Storage.Firebase;

internal static class CredentialSql
{
    public const string Find = """
        select slot, version, project_name, sealed, client_email_mask, private_key_mask, fingerprint, updated_at, updated_by, status, is_forced, kept_until,
          last_check_at, last_check_result, last_check_detail, last_check_code
        from credentials where tenant_id = @tenant and app = @app and slot = 'current'
        """;

    public const string FindSet = """
        select slot, version, project_name, sealed, client_email_mask, private_key_mask, fingerprint, updated_at, updated_by, status, is_forced, kept_until,
          last_check_at, last_check_result, last_check_detail, last_check_code
        from credentials where tenant_id = @tenant and app = @app
        """;

    /// <summary>Numbers of versions that are gone are not given out again: tests and backups know them.</summary>
    public const string LastVersion = "select coalesce(max(version), 0) from credential_history where tenant_id = @tenant and app = @app";

    public const string Clear = "delete from credentials where tenant_id = @tenant and app = @app";

    public const string Add = """
        insert into credentials (tenant_id, app, slot, version, project_name, sealed, client_email_mask, private_key_mask, fingerprint, updated_at, updated_by, status,
          is_forced, kept_until, last_check_at, last_check_result, last_check_detail, last_check_code)
        values (@tenant, @app, @slot, @version, @project, @sealed, @email_mask, @key_mask, @fingerprint, @updated_at, @updated_by, @status,
          @forced, @kept_until, @check_at, @check_result, @check_detail, @check_code)
        """;

    public const string RecordCheck = """
        update credentials set status = @status, last_check_at = @check_at, last_check_result = @check_result, last_check_detail = @check_detail, last_check_code = @check_code
        where tenant_id = @tenant and app = @app and version = @version
        """;

    public const string AddEvent = """
        insert into credential_history (tenant_id, app, number, happened_at, done_by, action, version, project_name, fingerprint, result, code, detail)
        select @tenant, @app, coalesce(max(number), 0) + 1, @at, @by, @action, @version, @project, @fingerprint, @result, @code, @detail
        from credential_history where tenant_id = @tenant and app = @app
        """;

    /// <summary>The newest entries stay; the line with the highest version does too, since new versions count from it.</summary>
    public const string TrimHistory = """
        delete from credential_history where tenant_id = @tenant and app = @app
          and number <= (select max(h.number) from credential_history h where h.tenant_id = @tenant and h.app = @app) - @kept
          and version < (select max(h.version) from credential_history h where h.tenant_id = @tenant and h.app = @app)
        """;

    public const string History = """
        select number, happened_at, done_by, action, version, project_name, fingerprint, result, code, detail
        from credential_history where tenant_id = @tenant and app = @app and number < @before order by number desc limit @most
        """;

    public const string ListApps = "select distinct app from credentials where tenant_id = @tenant and slot in ('current', 'next') order by app";

    public const string HasApp = "select 1 from credentials where tenant_id = @tenant and app = @app and slot = 'current'";

    /// <summary>Across tenants: one look for all that rotate, which are few.</summary>
    public const string ListRotating = "select distinct tenant_id, app from credentials where slot in ('next', 'previous')";
}
