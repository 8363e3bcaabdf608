namespace Ringback.Storage.Access;

internal static class AuditSql
{
    public const string Add = "insert into audit (tenant_id, audit_id, at, actor, action, detail) values (@tenant, @audit, @at, @actor, @action, @detail)";

    public const string List = """
        select audit_id, at, actor, action, detail from audit where tenant_id = @tenant and audit_id < @before order by audit_id desc limit @limit
        """;
}
