using Ringback.Storage.Dialects.Sqlite;
using Ringback.Storage.Tests.Schema;

namespace Ringback.Storage.Tests.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-test-");

    private string Database => Path.Combine(folder.FullName, "ringback.db");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_new_file_is_migrated_once_and_knows_it()
    {
        using var database = SqliteDatabase.Open(Database);
        Assert.Equal(SchemaAge.Older, await database.SchemaAgeAsync(TestContext.Current.CancellationToken));
        await database.MigrateAsync(TestContext.Current.CancellationToken);
        await database.MigrateAsync(TestContext.Current.CancellationToken);
        Assert.Equal(SchemaAge.Same, await database.SchemaAgeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_migration_that_was_killed_does_not_hold_up_the_next_one_for_ever()
    {
        using var database = SqliteDatabase.Open(Database);
        IDatabase direct = database;
        await direct.WriteAsync(WorkKind.Other, async s =>
        {
            await s.ExecuteAsync("create table \"__EFMigrationsLock\" (\"Id\" integer primary key, \"Timestamp\" text not null)");
            return await s.ExecuteAsync("insert into \"__EFMigrationsLock\" values (1, '2026-01-01')");
        });
        await database.MigrateAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(SchemaAge.Same, await database.SchemaAgeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_schema_of_a_later_version_is_refused_and_left_as_it_is()
    {
        using var database = SqliteDatabase.Open(Database);
        await LaterSchema.IsRefusedAsync(database, database);
    }

    [Fact]
    public async Task Only_the_owner_of_the_process_can_read_the_files()
    {
        if (OperatingSystem.IsWindows()) return;
        using var database = SqliteDatabase.Open(Database);
        await database.MigrateAsync(TestContext.Current.CancellationToken);
        IDatabase direct = database;
        await direct.WriteAsync(WorkKind.Other, s => s.ExecuteAsync("insert into tenants (tenant_id, name, created_at) values (1, 'first', 0)"));
        var files = folder.GetFiles();
        Assert.Equal(["ringback.db", "ringback.db-shm", "ringback.db-wal", "ringback.lock"], files.Select(f => f.Name).Order());
        Assert.All(files, f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, f.UnixFileMode));
    }

    [Fact]
    public void Two_servers_never_share_a_file_and_the_second_is_told_so()
    {
        using (SqliteDatabase.Open(Database))
        {
            var refused = Assert.Throws<DataInUseException>(() => SqliteDatabase.Open(Database));
            Assert.Contains("ringback.lock", refused.Message, StringComparison.Ordinal);
            using var another = SqliteDatabase.Open(Path.Combine(folder.FullName, "another.db"));
        }
        SqliteDatabase.Open(Database).Dispose();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        await File.WriteAllTextAsync(Database, new string('x', 5_000), TestContext.Current.CancellationToken);
        Assert.Contains("no SQLite database", Assert.Throws<DataFileException>(() => SqliteDatabase.Open(Database)).Message, StringComparison.Ordinal);
        Assert.Equal(5_000, new FileInfo(Database).Length);
    }

    [Fact]
    public void A_folder_that_is_missing_or_a_file_is_refused_by_name()
    {
        var missing = Path.Combine(folder.FullName, "missing");
        Assert.Contains(missing, Assert.Throws<DataFileException>(() => SqliteDatabase.Open(Path.Combine(missing, "ringback.db"))).Message, StringComparison.Ordinal);
        File.WriteAllText(missing, "");
        Assert.Contains(missing, Assert.Throws<DataFileException>(() => SqliteDatabase.Open(Path.Combine(missing, "ringback.db"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_the_right_to_write_is_refused_by_name()
    {
        // The kernel lets root write everywhere but in a file system that takes no files at all.
        if (!Directory.Exists("/proc")) return;
        Assert.Contains("/proc", Assert.Throws<DataFileException>(() => SqliteDatabase.Open("/proc/ringback.db")).Message, StringComparison.Ordinal);
    }
}
