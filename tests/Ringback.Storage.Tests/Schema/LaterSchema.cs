namespace Ringback.Storage.Tests.Schema;

/// <summary>What both databases do with a schema that a later version of the program has migrated.</summary>
internal static class LaterSchema
{
    /// <summary>Migrates an empty database, makes it look like one of a later version, and sees that it is refused.</summary>
    public static async Task IsRefusedAsync(IDatabaseSetup setup, IDatabase direct)
    {
        await setup.MigrateAsync(TestContext.Current.CancellationToken);
        await direct.WriteAsync(WorkKind.Other, s => s.ExecuteAsync("insert into \"__EFMigrationsHistory\" values ('29991231235959_Later', '99.0.0')"));
        Assert.Equal(SchemaAge.Newer, await setup.SchemaAgeAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<NewerSchemaException>(() => setup.MigrateAsync(TestContext.Current.CancellationToken));
    }
}
