using Npgsql;

namespace Ringback.Storage.Dialects.PostgreSql;

/// <summary>What an administrator writes to name a PostgreSQL database, and what we add to it where nothing is said.</summary>
public static class PostgreSqlConnectionString
{
    /// <summary>What is wrong with a connection string, without a word of it, or null.</summary>
    public static string? MistakeOf(string connectionString)
    {
        try
        {
            Read(connectionString);
            return null;
        }
        catch (ArgumentException mistake)
        {
            return mistake.Message;
        }
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="ArgumentException">It cannot be read or names too little; the message holds no word of it.</exception>
    internal static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidOperationException or OverflowException)
        {
            // The driver's message may quote what stands after an unquoted semicolon in a password, so neither it nor the exception goes on.
            throw new ArgumentException("It cannot be read. It looks like Host=db.example.com;Database=ringback;Username=ringback;Password=…; a value with a semicolon stands in quotes.");
        }
        if (string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)) throw new ArgumentException("It must name a Host and a Database.");

        var said = settings.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);

        void Default(string keyword, object value)
        {
            if (!said.Contains(keyword)) settings[keyword] = value;
        }

        // PostgreSQL allows 100 connections by default, for all nodes together; more busy ones than that only wait for each other's CPU.
        Default("Maximum Pool Size", 32);
        // How long to wait for a connection, or for a free one in the pool: then the caller is better told 503 than left waiting.
        Default("Timeout", 5);
        // Room for every text of the *Sql classes.
        Default("Max Auto Prepare", 128);
        Default("Auto Prepare Min Usages", 2);
        // We leave no state on a connection that the next user would need to have reset.
        Default("No Reset On Close", true);
        Default("Application Name", "ringback");
        // Details quote rows: phone numbers and tokens would get into logs.
        settings.IncludeErrorDetail = false;
        settings.PersistSecurityInfo = false;
        settings.Enlist = false;
        return settings;
    }
}
