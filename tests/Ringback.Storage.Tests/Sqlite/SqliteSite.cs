using Ringback.Storage.Dialects.Sqlite;

namespace Ringback.Storage.Tests.Sqlite;

/// <summary>A SQLite file in a folder of its own. The schema is made once and copied.</summary>
internal sealed class SqliteSite : Site
{
    private static readonly Lazy<Task<byte[]>> migrated = new(MigrateAsync);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ringback-test-");
    private SqliteDatabase database = null!;

    public override IDatabase Database => database;

    public SqliteDatabase Sqlite => database;

    public string Path => System.IO.Path.Combine(folder.FullName, "ringback.db");

    public static async Task<Site> OpenAsync() => await OpenSqliteAsync();

    public static async Task<SqliteSite> OpenSqliteAsync()
    {
        var site = new SqliteSite();
        await File.WriteAllBytesAsync(site.Path, await migrated.Value);
        await site.ReopenAsync();
        await site.AddTenantsAsync();
        return site;
    }

    public override Task ReopenAsync()
    {
        database?.Dispose();
        database = SqliteDatabase.Open(Path);
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        database.Dispose();
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<byte[]> MigrateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("ringback-test-");
        var path = System.IO.Path.Combine(folder.FullName, "ringback.db");
        using (var database = SqliteDatabase.Open(path)) await database.MigrateAsync();
        var bytes = await File.ReadAllBytesAsync(path);
        folder.Delete(recursive: true);
        return bytes;
    }
}
