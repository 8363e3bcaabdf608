using Ringback.Storage.Tests.Access;
using Ringback.Storage.Tests.Callbacks;
using Ringback.Storage.Tests.CallIn;
using Ringback.Storage.Tests.Delivery;
using Ringback.Storage.Tests.Firebase;
using Ringback.Storage.Tests.Queues;

namespace Ringback.Storage.Tests.Sqlite;

public sealed class SqliteAccessStoreTests : AccessStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteCallbackStoreTests : CallbackStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteCallInStoreTests : CallInStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteDeliveryStoreTests : DeliveryStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqlitePushLogStoreTests : PushLogStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteBrowserTestStoreTests : BrowserTestStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteQueueStoreTests : QueueStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteRoundTripTests : RoundTripSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteTextTests : TextSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteConcurrencyTests : ConcurrencySuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteUserAccountStoreTests : UserAccountStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteAgentTests : AgentSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqlitePushHistoryStoreTests : PushHistoryStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqlitePauseStoreTests : PauseStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqlitePersonalDataStoreTests : PersonalDataStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}

public sealed class SqliteCredentialStoreTests : Firebase.CredentialStoreSuite
{
    private protected override Task<Site> OpenAsync() => SqliteSite.OpenAsync();
}
