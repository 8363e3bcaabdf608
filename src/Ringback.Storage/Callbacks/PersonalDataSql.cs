namespace Ringback.Storage.Callbacks;

/// <summary>Few of these run at once, so one text serves both databases.</summary>
internal static class PersonalDataSql
{
    /// <summary>By the index that holds only what is not erased. An attempt without an outcome may yet be reported on, which its queue's owner would write with all of the callback.</summary>
    public const string FindAged = $"""
        select c.callback_id from callbacks c
        where c.tenant_id = @tenant and c.state = 4 and c.erased_at is null and c.completed_at <= @before and not {HasOpenAttempt}
        order by c.completed_at limit @most
        """;

    public const string FindAgedCallIns = """
        select request_id from call_in_requests
        where tenant_id = @tenant and callback_id is null and (from_phone_number is not null or user_data is not null) and expires_at <= @before
        order by expires_at limit @most
        """;

    public const string FindByNumber = $"""
        select c.callback_id, case when c.state <> 4 or {HasOpenAttempt} then 1 else 0 end from callbacks c
        where c.tenant_id = @tenant and (c.phone_number = @phone or c.callback_id in (
            select r.callback_id from call_in_requests r where r.tenant_id = @tenant and r.from_phone_number = @phone and r.callback_id is not null))
        """;

    public const string FindCallInsByNumber = """
        select request_id, case when matched_at is null and expires_at > @now then 1 else 0 end from call_in_requests
        where tenant_id = @tenant and callback_id is null and from_phone_number = @phone
        """;

    public const string FindByAddress = $"""
        select c.callback_id, case when c.state <> 4 or {HasOpenAttempt} then 1 else 0 end from callbacks c
        where c.tenant_id = @tenant and c.callback_id in (select t.callback_id from push_targets t where t.tenant_id = @tenant and t.address = @address)
        """;

    /// <summary>Callbacks and lone call-in requests in one order, so that one id is the place at which the next page begins. Which is which: 0 a callback, 1 a request.</summary>
    public const string Export = """
        select f.id, f.kind from (
            select c.callback_id as id, 0 as kind from callbacks c
            where c.tenant_id = @tenant and c.callback_id > @after and (c.phone_number = @phone or c.callback_id in (
                select r.callback_id from call_in_requests r where r.tenant_id = @tenant and r.from_phone_number = @phone and r.callback_id is not null))
            union all
            select r.request_id, 1 from call_in_requests r
            where r.tenant_id = @tenant and r.request_id > @after and r.callback_id is null and r.from_phone_number = @phone) f
        order by f.id limit @most
        """;

    public const string TargetsOf = """
        select ordinal, type, address, state, state_at from push_targets where tenant_id = @tenant and callback_id = @callback order by ordinal
        """;

    public const string EraseCallback = """
        update callbacks set phone_number = '', user_data = null, erased_at = @now where tenant_id = @tenant and callback_id = @callback and state = 4
        """;

    /// <summary>A slot without an address counts as dead, as one that was emptied does.</summary>
    public const string EraseTargets = """
        update push_targets set address = '', state = 1, state_at = null where tenant_id = @tenant and callback_id = @callback
        """;

    public const string EraseTarget = """
        update push_targets set address = '', state = 1, state_at = null where tenant_id = @tenant and callback_id = @callback and address = @address
        """;

    /// <summary>A row that somebody may be sending at this moment ends by itself: its target is dead when it comes back.</summary>
    public const string EndPushes = """
        update outbox set state = 3, last_code = 'erased', last_at = @now, finished_at = @now, lease_owner = null
        where tenant_id = @tenant and callback_id = @callback and state + 0 = 0 and (lease_owner is null or next_at <= @now)
        """;

    public const string EndPushesTo = """
        update outbox set state = 3, last_code = 'erased', last_at = @now, finished_at = @now, lease_owner = null
        where tenant_id = @tenant and callback_id = @callback and state + 0 = 0 and (lease_owner is null or next_at <= @now) and target_ordinal in (
            select t.ordinal from push_targets t where t.tenant_id = @tenant and t.callback_id = @callback and t.address = @address)
        """;

    public const string EraseCallInsOfCallback = """
        update call_in_requests set from_phone_number = null, user_data = null where tenant_id = @tenant and callback_id = @callback
        """;

    public const string EraseCallIn = """
        update call_in_requests set from_phone_number = null, user_data = null where tenant_id = @tenant and request_id = @request and callback_id is null
        """;

    private const string HasOpenAttempt = "exists (select 1 from attempts a where a.tenant_id = c.tenant_id and a.callback_id = c.callback_id and a.state <> 3)";
}
