using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Ringback.Storage.Dialects.Sqlite;

/// <summary>The schema on SQLite, where an id is 16 bytes in big-endian order: ids of version 7 then sort by age, so that new rows are appended.</summary>
internal sealed class SqliteContext(DbContextOptions<SqliteContext> options) : RingbackContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Guid>().HaveConversion<BigEndianConverter>();
    }

    private sealed class BigEndianConverter() : ValueConverter<Guid, byte[]>(id => id.ToByteArray(true), stored => new Guid(stored, true));
}

/// <summary>Lets <c>dotnet ef migrations add</c> build the context without a server.</summary>
internal sealed class SqliteContextFactory : IDesignTimeDbContextFactory<SqliteContext>
{
    public SqliteContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteContext>().UseSqlite("Data Source=:memory:").Options);
}
