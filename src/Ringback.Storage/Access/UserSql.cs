namespace Ringback.Storage.Access;

internal static class UserSql
{
    public const string Find = $"select {Columns} from users where tenant_id = @tenant and user_id = @user";

    public const string FindByName = $"select {Columns} from users where tenant_id = @tenant and normalized_name = @name";

    public const string List = $"select {Columns} from users where tenant_id = @tenant order by normalized_name";

    public const string Add = """
        insert into users (tenant_id, user_id, name, normalized_name, role, password_hash, security_stamp, failed_sign_ins, locked_until, created_at, version)
        values (@tenant, @user, @name, @normalized, @role, @password, @stamp, @failed, @locked, @created, @version)
        on conflict (tenant_id, normalized_name) do nothing
        """;

    public const string Save = """
        update users set role = @role, password_hash = @password, security_stamp = @stamp, failed_sign_ins = @failed, locked_until = @locked, version = version + 1
        where tenant_id = @tenant and user_id = @user and version = @version
        """;

    /// <summary>Across tenants: the ring belongs to the installation.</summary>
    public const string ListKeyRing = "select element from key_ring order by created_at, key_id";

    /// <summary>Across tenants: the ring belongs to the installation.</summary>
    public const string AddToKeyRing = "insert into key_ring (key_id, element, created_at) values (@key, @element, @created)";

    private const string Columns = "user_id, name, normalized_name, role, password_hash, security_stamp, failed_sign_ins, locked_until, created_at, version";
}
