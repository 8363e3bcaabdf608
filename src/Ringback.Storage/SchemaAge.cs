using Microsoft.EntityFrameworkCore;

namespace Ringback.Storage;

/// <summary>The schema of a database beside the one that this version of the program knows.</summary>
public enum SchemaAge
{
    /// <summary>There is none yet, or a migration is to come.</summary>
    Older,

    /// <summary>The one that this version knows.</summary>
    Same,

    /// <summary>A later version has migrated it: this one would read and write columns that mean something else by now, or are gone.</summary>
    Newer,
}

/// <summary>A later version of the program has migrated the database.</summary>
public sealed class NewerSchemaException()
    : Exception("The database was migrated by a newer version of this program. Start that version or a later one; to go back, restore the backup that was made before it.");

/// <summary>Reads a schema's age.</summary>
internal static class SchemaAges
{
    public static async Task<SchemaAge> OfAsync(DbContext context, CancellationToken cancellation)
    {
        var known = context.Database.GetMigrations().ToHashSet(StringComparer.Ordinal);
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellation)).ToHashSet(StringComparer.Ordinal);
        if (!applied.IsSubsetOf(known)) return SchemaAge.Newer;
        return applied.Count == known.Count ? SchemaAge.Same : SchemaAge.Older;
    }

    public static async Task RefuseNewerAsync(DbContext context, CancellationToken cancellation)
    {
        if (await OfAsync(context, cancellation) == SchemaAge.Newer) throw new NewerSchemaException();
    }
}
