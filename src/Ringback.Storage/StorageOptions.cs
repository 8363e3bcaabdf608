using Microsoft.Extensions.Options;
using Ringback.Storage.Dialects.PostgreSql;

namespace Ringback.Storage;

/// <summary>The databases that Ringback works on.</summary>
public enum StorageProvider
{
    /// <summary>The file <c>ringback.db</c> in the data folder. For one process.</summary>
    Sqlite,

    /// <summary>A PostgreSQL server of version 14 or later. For one process or several.</summary>
    PostgreSql,
}

/// <summary>Which database holds the truth. Section <c>Storage</c>, environment <c>RINGBACK_Storage__…</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Storage";

    /// <summary><c>sqlite</c> or <c>postgresql</c>. Default: <c>sqlite</c>.</summary>
    public StorageProvider Provider { get; set; } = StorageProvider.Sqlite;

    /// <summary>
    /// How PostgreSQL is reached, such as <c>Host=db.example.com;Database=ringback;Username=ringback;Password=…</c>, with any keyword of Npgsql. It holds
    /// a password: give it by the environment or in a file that only the server can read. Not given: the file of SQLite needs none. Unless
    /// it says otherwise, a process opens at most 32 connections and waits at most 5 s for one.
    /// </summary>
    public string? ConnectionString { get; set; }
}

/// <summary>What types cannot say about <see cref="StorageOptions"/>. No message quotes the connection string.</summary>
internal sealed class StorageOptionsRules : IValidateOptions<StorageOptions>
{
    private const string Provider = $"{StorageOptions.Section}:{nameof(StorageOptions.Provider)}";
    private const string ConnectionString = $"{StorageOptions.Section}:{nameof(StorageOptions.ConnectionString)}";

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var given = !string.IsNullOrWhiteSpace(options.ConnectionString);
        return options.Provider switch
        {
            StorageProvider.Sqlite when given => ValidateOptionsResult.Fail($"{ConnectionString} is given, but {Provider} is not postgresql."),
            StorageProvider.Sqlite => ValidateOptionsResult.Success,
            StorageProvider.PostgreSql when !given => ValidateOptionsResult.Fail($"{ConnectionString} is missing; {Provider} postgresql needs it."),
            StorageProvider.PostgreSql => PostgreSqlConnectionString.MistakeOf(options.ConnectionString!) is { } mistake
                ? ValidateOptionsResult.Fail($"{ConnectionString} is wrong. {mistake}")
                : ValidateOptionsResult.Success,
            _ => ValidateOptionsResult.Fail($"{Provider} must be sqlite or postgresql."),
        };
    }
}
