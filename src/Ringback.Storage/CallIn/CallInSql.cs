namespace Ringback.Storage.CallIn;

internal static class CallInSql
{
    public const string FindGroup = """
        select name, phone_numbers, access_code_digits, expiry_seconds from call_in_groups where tenant_id = @tenant and name = @name
        """;

    public const string ListGroups = """
        select name, phone_numbers, access_code_digits, expiry_seconds from call_in_groups where tenant_id = @tenant order by name
        """;

    public const string SaveGroup = """
        insert into call_in_groups (tenant_id, name, phone_numbers, access_code_digits, expiry_seconds) values (@tenant, @name, @numbers, @digits, @expiry)
        on conflict (tenant_id, name) do update set
            phone_numbers = excluded.phone_numbers, access_code_digits = excluded.access_code_digits, expiry_seconds = excluded.expiry_seconds
        """;

    /// <summary>Changes no row where the code is somebody else's. It is free again once it has expired, or its request is used or has ended.</summary>
    public const string ClaimCode = """
        insert into access_codes (tenant_id, group_name, code, request_id, expires_at) values (@tenant, @group, @code, @request, @until)
        on conflict (tenant_id, group_name, code) do update set request_id = excluded.request_id, expires_at = excluded.expires_at
        where access_codes.expires_at <= @now or exists (
            select 1 from call_in_requests r
            where r.tenant_id = @tenant and r.request_id = access_codes.request_id and (r.matched_at is not null or r.expires_at <= @now))
        """;

    public const string ReleaseCode = """
        delete from access_codes where tenant_id = @tenant and group_name = @group and code = @code and request_id = @request
        """;

    public const string Save = """
        insert into call_in_requests (
            tenant_id, request_id, callback_id, group_name, to_phone_number, from_phone_number, access_code, user_data, created_at, expires_at, matched_at)
        values (@tenant, @request, @callback, @group, @to, @from, @code, @data, @created, @expires, @matched)
        on conflict (tenant_id, request_id) do update set
            callback_id = excluded.callback_id, expires_at = excluded.expires_at, matched_at = excluded.matched_at
        """;

    public const string FindOpen = $"""
        select {Columns} from call_in_requests
        where tenant_id = @tenant and matched_at is null and expires_at > @now
            and (access_code = @code or from_phone_number = @from or to_phone_number = @to)
        order by created_at desc, request_id desc limit 50
        """;

    public const string MarkMatched = """
        update call_in_requests set matched_at = @at where tenant_id = @tenant and request_id = @request and callback_id is null and matched_at is null
        """;

    /// <summary>Used ones last and else oldest first, so that the last one read of a callback is the one that its conversation began with, or its newest.</summary>
    public const string LoadOfQueue = $"""
        select {Columns} from call_in_requests
        where tenant_id = @tenant and callback_id in (
            select callback_id from callbacks where tenant_id = @tenant and queue_id = @queue and state <> 4
            union select callback_id from attempts where tenant_id = @tenant and queue_id = @queue and state <> 3)
        order by case when matched_at is null then 0 else 1 end, created_at, request_id
        """;

    public const string OfCallback = $"select {Columns} from call_in_requests where tenant_id = @tenant and callback_id = @callback order by created_at, request_id";

    public const string Find = $"select {Columns} from call_in_requests where tenant_id = @tenant and request_id = @request";

    private const string Columns =
        "request_id, callback_id, group_name, to_phone_number, from_phone_number, access_code, user_data, created_at, expires_at, matched_at";
}
