using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Ringback.Engine;

namespace Ringback.Storage;

/// <summary>
/// The schema, of which the migrations are made. One subclass per database, because each has migrations of its own. The stores do not go through it:
/// they use the SQL texts of their slices, which start fast and say in full what they lock.
/// </summary>
internal abstract partial class RingbackContext(DbContextOptions options) : DbContext(options)
{
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(RingbackContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes()) UseSnakeCase(entity);
    }

    /// <summary>PostgreSQL folds unquoted names to lower case: one spelling then serves the texts of both databases.</summary>
    private static void UseSnakeCase(IMutableEntityType entity)
    {
        var table = entity.GetTableName();
        foreach (var property in entity.GetProperties()) property.SetColumnName(SnakeCase(property.Name));
        foreach (var key in entity.GetKeys()) key.SetName(key.IsPrimaryKey() ? $"pk_{table}" : $"ak_{table}_{Columns(key.Properties)}");
        foreach (var key in entity.GetForeignKeys()) key.SetConstraintName($"fk_{table}_{key.PrincipalEntityType.GetTableName()}");
    }

    private static string Columns(IReadOnlyList<IMutableProperty> properties) => string.Join('_', properties.Select(p => SnakeCase(p.Name)));

    private static string SnakeCase(string name) => WordStart().Replace(name, "_$0").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex WordStart();

    private sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(at => at.ToMicroseconds(), stored => Clock.FromMicroseconds(stored));
}
