using Microsoft.Data.Sqlite;

namespace Ringback.TestKit;

/// <content>Taking the database away.</content>
public sealed partial class TestSite
{
    /// <summary>Until it is disposed, nobody else can write to the database.</summary>
    public IDisposable LockDatabase() => new WriteLock(Connect(SqliteOpenMode.ReadWrite));

    private sealed class WriteLock : IDisposable
    {
        private readonly SqliteConnection connection;
        private readonly SqliteTransaction transaction;

        public WriteLock(SqliteConnection connection) => (this.connection, transaction) = (connection, connection.BeginTransaction(deferred: false));

        public void Dispose()
        {
            transaction.Rollback();
            transaction.Dispose();
            connection.Dispose();
        }
    }
}
