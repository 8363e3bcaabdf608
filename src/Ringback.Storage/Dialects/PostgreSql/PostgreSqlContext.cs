using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Ringback.Storage.Dialects.PostgreSql;

/// <summary>
/// The schema on PostgreSQL. Texts compare by their bytes, as on SQLite: both databases then list in one order whatever the server's locale is, and a
/// new version of the operating system's collations damages no index.
/// </summary>
internal sealed class PostgreSqlContext(DbContextOptions<PostgreSqlContext> options) : RingbackContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}

/// <summary>Lets <c>dotnet ef migrations add</c> build the context without a server.</summary>
internal sealed class PostgreSqlContextFactory : IDesignTimeDbContextFactory<PostgreSqlContext>
{
    public PostgreSqlContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgreSqlContext>().UseNpgsql("Host=localhost").Options);
}
