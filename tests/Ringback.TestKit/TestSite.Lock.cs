using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Ringback.TestKit;

/// <content>Taking the database away.</content>
public sealed partial class TestSite
{
    /// <summary>
    /// Until it is disposed, nobody else can write what owners write. On SQLite the server's patience with a locked file is shorter than the caller's; on PostgreSQL it would wait
    /// for ever, so there the tables refuse instead.
    /// </summary>
    public IDisposable LockDatabase() => postgreSql is null ? new WriteLock(Connect(SqliteOpenMode.ReadWrite)) : new WriteRefusal(this);

    /// <summary>Until it is disposed, somebody reads the SQLite file as it stands now, which is in the log yet.</summary>
    public IDisposable ReadOn() => new ReadLock(Connect(SqliteOpenMode.ReadOnly));

    private sealed class HiddenTable : IDisposable
    {
        private readonly DbConnection connection;
        private readonly string table;

        public HiddenTable(DbConnection connection, string table)
        {
            (this.connection, this.table) = (connection, table);
            Rename(table, $"{table}_hidden");
        }

        public void Dispose()
        {
            Rename($"{table}_hidden", table);
            connection.Dispose();
        }

        private void Rename(string from, string to)
        {
            using var command = Command(connection, $"alter table {from} rename to {to}", []);
            command.ExecuteNonQuery();
        }
    }

    private sealed class ReadLock : IDisposable
    {
        private readonly DbConnection connection;
        private readonly DbTransaction transaction;

        public ReadLock(DbConnection connection)
        {
            (this.connection, transaction) = (connection, ((SqliteConnection)connection).BeginTransaction(deferred: true));
            using var command = Command(connection, "select count(*) from callbacks", []);
            command.ExecuteScalar();
        }

        public void Dispose()
        {
            transaction.Dispose();
            connection.Dispose();
        }
    }

    private sealed class WriteLock : IDisposable
    {
        private readonly DbConnection connection;
        private readonly DbTransaction transaction;

        public WriteLock(DbConnection connection) => (this.connection, transaction) = (connection, ((SqliteConnection)connection).BeginTransaction(deferred: false));

        public void Dispose()
        {
            transaction.Rollback();
            transaction.Dispose();
            connection.Dispose();
        }
    }

    private sealed class WriteRefusal : IDisposable
    {
        private readonly TestSite site;

        public WriteRefusal(TestSite site)
        {
            this.site = site;
            Execute("create function refuse() returns trigger language plpgsql as $$ begin raise exception using errcode = '53100'; end $$; "
                + "create trigger refuse before insert or update on callbacks execute function refuse(); create trigger refuse before insert or update on timeline execute function refuse()");
        }

        public void Dispose() => Execute("drop function refuse() cascade");

        private void Execute(string sql)
        {
            using var connection = site.Connect(SqliteOpenMode.ReadWrite);
            using var command = Command(connection, sql, []);
            command.ExecuteNonQuery();
        }
    }
}
