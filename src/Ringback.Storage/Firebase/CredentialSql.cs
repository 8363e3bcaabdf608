namespace Ringback.Storage.Firebase;

internal static class CredentialSql
{
    public const string Find = """
        select version, project_name, sealed, client_email_mask, private_key_mask, updated_at, updated_by, status, last_check_at, last_check_result, last_check_detail
        from credentials where tenant_id = @tenant and app = @app and slot = 'current'
        """;

    /// <summary>The first version; nothing where there is one already.</summary>
    public const string Add = """
        insert into credentials (tenant_id, app, slot, version, project_name, sealed, client_email_mask, private_key_mask, updated_at, updated_by, status,
          last_check_at, last_check_result, last_check_detail)
        values (@tenant, @app, 'current', @version, @project, @sealed, @email_mask, @key_mask, @updated_at, @updated_by, @status, @check_at, @check_result, @check_detail)
        on conflict do nothing
        """;

    /// <summary>The next version; nothing where the one before is not in force any more.</summary>
    public const string Replace = """
        update credentials set version = @version, project_name = @project, sealed = @sealed, client_email_mask = @email_mask, private_key_mask = @key_mask,
          updated_at = @updated_at, updated_by = @updated_by, status = @status, last_check_at = @check_at, last_check_result = @check_result, last_check_detail = @check_detail
        where tenant_id = @tenant and app = @app and slot = 'current' and version = @before
        """;

    public const string RecordCheck = """
        update credentials set status = @status, last_check_at = @check_at, last_check_result = @check_result, last_check_detail = @check_detail
        where tenant_id = @tenant and app = @app and slot = 'current' and version = @version
        """;
}
