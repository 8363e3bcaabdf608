namespace Ringback.Storage.Callbacks;

internal static class AttemptSql
{
    public const string LoadNotOver = $"select {Columns} from attempts where tenant_id = @tenant and queue_id = @queue and state <> 3";

    public const string Find = $"select {Columns}, queue_id from attempts where tenant_id = @tenant and attempt_id = @attempt";

    public const string FindLive = $"""
        select {Columns}, queue_id from attempts where tenant_id = @tenant and agent = @agent and state = 0 order by started_at desc limit 1
        """;

    public const string OfCallback = $"select {Columns} from attempts where tenant_id = @tenant and callback_id = @callback order by started_at, attempt_id";

    private const string Columns = "attempt_id, callback_id, number, agent, state, outcome, started_at, lease_ends_at, ended_at, answer";
}
