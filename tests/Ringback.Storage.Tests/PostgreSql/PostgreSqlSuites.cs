using Ringback.Storage.Tests.Access;
using Ringback.Storage.Tests.Callbacks;
using Ringback.Storage.Tests.CallIn;
using Ringback.Storage.Tests.Delivery;
using Ringback.Storage.Tests.Firebase;
using Ringback.Storage.Tests.Queues;

namespace Ringback.Storage.Tests.PostgreSql;

public sealed class PostgreSqlAccessStoreTests : AccessStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlCallbackStoreTests : CallbackStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlCallInStoreTests : CallInStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlDeliveryStoreTests : DeliveryStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlPushLogStoreTests : PushLogStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlBrowserTestStoreTests : BrowserTestStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlQueueStoreTests : QueueStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlRoundTripTests : RoundTripSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlTextTests : TextSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlConcurrencyTests : ConcurrencySuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlUserAccountStoreTests : UserAccountStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlAgentTests : AgentSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlPushHistoryStoreTests : PushHistoryStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlPauseStoreTests : PauseStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlPersonalDataStoreTests : PersonalDataStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}

public sealed class PostgreSqlCredentialStoreTests : Firebase.CredentialStoreSuite
{
    private protected override Task<Site> OpenAsync() => PostgreSqlSite.OpenAsync();
}
