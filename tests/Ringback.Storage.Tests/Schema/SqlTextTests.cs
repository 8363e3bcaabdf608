using System.Reflection;
using System.Text.RegularExpressions;

namespace Ringback.Storage.Tests.Schema;

/// <summary>Tenants never meet: every SQL text names the tenant in what it adds or in what it looks for.</summary>
public sealed partial class SqlTextTests
{
    /// <summary>The texts that cross tenants, each with its reason.</summary>
    private static readonly Dictionary<string, string> acrossTenants = new()
    {
        ["AccessSql.FindTenant"] = "the name is what leads to the tenant",
        ["AccessSql.LockTenants"] = "they get their numbers one after the other",
        ["AccessSql.AddTenant"] = "gives the tenant its number",
        ["AccessSql.ListTenants"] = "all of them",
        ["AccessSql.ListTenantNames"] = "for whoever holds the database and mistyped a name",
        ["UserSql.ListKeyRing"] = "the keys of the installation's cookies",
        ["UserSql.AddToKeyRing"] = "the keys of the installation's cookies",
        ["QueueSql.Versions"] = "the sweep by which owners notice what was written past them",
        ["MasterKeySql.Add"] = "one key seals for all tenants",
        ["MasterKeySql.Change"] = "one key seals for all tenants",
        ["MasterKeySql.Find"] = "one key seals for all tenants",
        ["QueueSql.WithWork"] = "the sweep that wakes queues",
        ["PauseSql.List"] = "the loop sends for all tenants",
        ["PauseSql.WakeAllHeld"] = "a process that starts looks after what all pauses held",
        ["SealedSql.Lock"] = "the master key seals for all",
        ["SealedSql.ListCredentials"] = "the master key seals for all",
        ["SealedSql.ListKeyRing"] = "the keys of the installation's cookies",
        ["SealedSql.UpdateKeyRing"] = "the keys of the installation's cookies",
        ["CredentialSql.ListRotating"] = "the watch over what rotates",
        ["DeliverySql.DueCredentials"] = "says whose rows are due",
        ["SqliteDeliverySql.FreeAbandonedLeases"] = "a process takes over what dead ones have leased",
        ["PostgreSqlDeliverySql.FreeAbandonedLeases"] = "a process takes over what dead ones have leased",
        ["CallbackConcernsSql.Queues"] = "figures of the site, by tenant",
        ["CallbackConcernsSql.UnknownOutcomes"] = "figures of the site, by tenant",
        ["CallbackConcernsSql.MissedPromises"] = "figures of the site, by tenant",
        ["DeliverySql.Depth"] = "a figure of the site, by tenant",
        ["DeliverySql.CountWaiting"] = "a figure of the site, by tenant",
    };

    [Fact]
    public void Every_sql_text_names_the_tenant()
    {
        var texts = Texts();
        Assert.True(texts.Count > 30, "The texts were not found.");
        Assert.Equal([], texts.Where(t => !acrossTenants.ContainsKey(t.Name) && !NamesTenant(t.Sql)).Select(t => t.Name));
        Assert.Contains(texts, t => t.Name.StartsWith("Sqlite", StringComparison.Ordinal));
        Assert.Contains(texts, t => t.Name.StartsWith("PostgreSql", StringComparison.Ordinal));
        Assert.Equal([], acrossTenants.Keys.Except(texts.Select(t => t.Name)));
    }

    [Theory]
    [InlineData("select name from queues where name = @name")]
    [InlineData("select tenant_id from queues where queue_id = @queue")]
    [InlineData("update queues set tenant_id = @tenant where queue_id = @queue")]
    [InlineData("insert into queues (queue_id, tenant_id) values (@queue, @tenant)")]
    [InlineData("select 1 from a join b on a.id = b.id where a.tenant_id = @tenant")]
    [InlineData("delete from queues")]
    [InlineData("update outbox o set state = n.state from unnest(@id, @state) as n (id, state) where o.id = n.id")]
    [InlineData("update outbox o set state = n.state from unnest(@id, @state) as n (id, tenant_id) where o.tenant_id = n.tenant_id")]
    [InlineData("insert into outbox (id, tenant_id) select n.* from unnest(@id, @tenant) as n")]
    public void A_text_that_forgets_the_tenant_is_found(string sql) => Assert.False(NamesTenant(sql));

    [Fact]
    public void Sql_stands_nowhere_but_in_the_sql_classes()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Ringback.slnx"))) root = root.Parent!;
        var source = Path.Combine(root.FullName, "src", "Ringback.Storage");
        var offenders = Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("Sql.cs", StringComparison.Ordinal) && !f.Contains("Migrations", StringComparison.Ordinal) && !f.Contains("Dialects", StringComparison.Ordinal))
            .Where(f => SqlLiteral().IsMatch(File.ReadAllText(f)));
        Assert.Equal([], offenders.Select(f => Path.GetRelativePath(source, f)));
        Assert.Matches(SqlLiteral(), """Execute("select 1")""");
    }

    private static List<(string Name, string Sql)> Texts() =>
    [
        .. typeof(StorageServices).Assembly.GetTypes().Where(t => t.Name.EndsWith("Sql", StringComparison.Ordinal)).SelectMany(t =>
            t.GetFields(BindingFlags.Static | BindingFlags.Public).Where(f => f.IsLiteral).Select(f => ($"{t.Name}.{f.Name}", (string)f.GetRawConstantValue()!))),
    ];

    private static bool NamesTenant(string sql)
    {
        if (sql.StartsWith("insert ", StringComparison.Ordinal)) return InsertWithTenant().IsMatch(sql);
        var joins = JoinCondition().Matches(sql);
        return (Condition().IsMatch(sql) || ConditionByRow().IsMatch(sql)) && joins.All(j => j.Value.Contains("tenant_id", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^insert into \w+ \(\s*tenant_id, ", RegexOptions.CultureInvariant)]
    private static partial Regex InsertWithTenant();

    [GeneratedRegex(@"\bwhere (\w\.)?tenant_id = @tenant\b", RegexOptions.CultureInvariant)]
    private static partial Regex Condition();

    /// <summary>Where rows of several tenants come at once, each brings its own.</summary>
    [GeneratedRegex(@"\bunnest\(@tenant, [^)]*\)( with ordinality)? as n \(tenant_id, .*\bwhere \w\.tenant_id = n\.tenant_id\b", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex ConditionByRow();

    [GeneratedRegex(@"\bjoin \w+( \w+)? on .*?(?= where|$)", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex JoinCondition();

    [GeneratedRegex("\"\\s*(select|insert|update|delete) ", RegexOptions.CultureInvariant)]
    private static partial Regex SqlLiteral();
}
