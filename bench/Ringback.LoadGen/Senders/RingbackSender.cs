using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ringback.Engine;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.LoadGen.Senders;

/// <summary>The product's sender, put together by its own registration: sealed credentials, cached token, time-outs, every answer a value. No outbox.</summary>
internal sealed class RingbackSender : ISender
{
    private static readonly TenantId tenant = new(1);
    private readonly ServiceProvider services;
    private readonly IPushSender sender;

    private RingbackSender(ServiceProvider services) => (this.services, sender) = (services, services.GetRequiredService<IPushSender>());

    public string Name => "Ringback's FcmSender";

    public static async Task<RingbackSender> StartAsync(Uri tokenEndpoint, Uri sendEndpoint, string project)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Firebase:TokenEndpoint"] = tokenEndpoint.ToString(),
            ["Firebase:SendEndpoint"] = sendEndpoint.ToString(),
        }).Build());
        services.AddLogging();
        services.AddSingleton<ICredentialStore, OneCredential>();
        services.AddMetrics();
        FirebaseServices.Add(services, _ => MasterKey.FromBase64(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Size))));
        var provider = services.BuildServiceProvider();
        using var key = RSA.Create(2048);
        var credential = provider.GetRequiredService<CredentialParser>().Parse(project, $"bench@{project}.iam.gserviceaccount.com", key.ExportPkcs8PrivateKeyPem());
        var stored = credential.Fault is null ? (await provider.GetRequiredService<CredentialService>().SetAsync(CredentialKey.DefaultOf(tenant), new CredentialOffer(credential.Value, "bench"), CancellationToken.None)).Fault : credential.Fault;
        return stored is null ? new RingbackSender(provider) : throw new InvalidOperationException($"The credentials were not taken: {stored}");
    }

    public async ValueTask SendAsync(PushMessage message, PushTarget target)
    {
        var outcome = await sender.SendAsync(tenant, message, target, TimeSpan.FromSeconds(25), CancellationToken.None);
        if (outcome is not SendOutcome.Accepted) throw new InvalidOperationException(outcome.ToString());
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private sealed class OneCredential : ICredentialStore
    {
        private CredentialSet set = CredentialSet.None;

        public Task<StoredCredential?> FindAsync(TenantId tenant, string app, CancellationToken cancellation) => Task.FromResult(set.Current);

        public Task<CredentialSet> FindSetAsync(TenantId tenant, string app, CancellationToken cancellation) => Task.FromResult(set);

        public Task<bool> ChangeAsync(TenantId tenant, string app, CredentialSet before, CredentialSet after, IReadOnlyList<CredentialEvent> events, CancellationToken cancellation)
        {
            set = after;
            return Task.FromResult(true);
        }

        public Task<bool> RecordCheckAsync(TenantId tenant, string app, int version, CredentialStatus status, LastCheck check, CancellationToken cancellation) => Task.FromResult(true);

        public Task AddEventAsync(TenantId tenant, string app, CredentialEvent happened, CancellationToken cancellation) => Task.CompletedTask;

        public Task<IReadOnlyList<CredentialEvent>> HistoryAsync(TenantId tenant, string app, int? before, int limit, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<CredentialEvent>>([]);

        public Task<IReadOnlyList<string>> ListAppsAsync(TenantId tenant, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<string>>([CredentialKey.DefaultApp]);

        public Task<IReadOnlyList<CredentialKey>> ListRotatingAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<CredentialKey>>([]);
    }
}
