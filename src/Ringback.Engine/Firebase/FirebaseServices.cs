using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Registers this slice. It needs an <see cref="ICredentialStore"/>, an <see cref="IBrowserTestStore"/>, the configuration, logging and metrics from its host.</summary>
public static class FirebaseServices
{
    /// <summary>Adds the sender, the credential service and what they need.</summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="masterKey">
    /// Gives the master key, or why there is none: then everything else runs, pushes wait, and <see cref="CredentialService.StatusAsync(TenantId, CancellationToken)"/> says why.
    /// </param>
    /// <param name="others">Gives the keys that open besides it; see <see cref="CredentialSeal"/>.</param>
    public static IServiceCollection Add(
        IServiceCollection services, Func<IServiceProvider, Answer<MasterKey>> masterKey, Func<IServiceProvider, IReadOnlyList<MasterKey>>? others = null)
    {
        services.AddOptions<FirebaseOptions>()
            .BindConfiguration(FirebaseOptions.Section, binder => binder.ErrorOnUnknownConfiguration = true)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<FirebaseOptions>, FirebaseOptionsRules>();
        services.TryAddKeyedSingleton(Clock.ServiceKey, TimeProvider.System);
        services.AddSingleton(provider => new CredentialSeal(masterKey(provider), others?.Invoke(provider)));
        services.AddSingleton<CredentialParser>();
        services.AddSingleton<FirebaseHttp>();
        services.AddSingleton<FirebaseMetrics>();
        services.AddSingleton<TokenExchange>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<FcmSender>();
        services.AddSingleton<IPushSender>(provider => provider.GetRequiredService<FcmSender>());
        services.AddSingleton<CredentialCheck>();
        services.AddSingleton(provider => new CredentialService(
            provider.GetRequiredService<ICredentialStore>(),
            provider.GetRequiredService<CredentialSeal>(),
            provider.GetRequiredService<CredentialCheck>(),
            provider.GetRequiredService<Credentials>(),
            provider.GetRequiredService<IOptions<FirebaseOptions>>(),
            provider.GetRequiredKeyedService<TimeProvider>(Clock.ServiceKey),
            provider.GetRequiredService<ILogger<CredentialService>>()));
        services.AddSingleton(provider => new CredentialWatch(
            provider.GetRequiredService<CredentialService>(),
            provider.GetRequiredService<Credentials>(),
            provider.GetRequiredService<ICredentialStore>(),
            provider.GetRequiredKeyedService<TimeProvider>(Clock.ServiceKey),
            provider.GetRequiredService<ILogger<CredentialWatch>>()));
        services.AddSingleton<TestGate>();
        services.AddSingleton(provider => new CredentialTest(
            provider.GetRequiredService<CredentialService>(),
            provider.GetRequiredService<Credentials>(),
            provider.GetRequiredService<FcmSender>(),
            provider.GetRequiredService<IBrowserTestStore>(),
            provider.GetRequiredService<TestGate>(),
            provider.GetRequiredService<IOptions<FirebaseOptions>>(),
            provider.GetRequiredKeyedService<TimeProvider>(Clock.ServiceKey),
            provider.GetRequiredService<ILogger<CredentialTest>>()));
        return services;
    }
}
