using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ringback.Cluster.Silo;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Demo;
using Ringback.Server.Telemetry;
using Ringback.Storage;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>deploy/ringback.sample.json goes through the binding and the checks of the server itself.</summary>
public sealed class SampleConfigurationTests : IDisposable
{
    private const string Sample = "deploy/ringback.sample.json";
    private readonly string folder = Directory.CreateTempSubdirectory("ringback-docs-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_sample_loads_and_holds_the_defaults()
    {
        var (delivery, firebase) = await LoadAsync(Path.Combine(Repository.Root, Sample));
        Assert.Equivalent(new DeliveryOptions(), delivery, strict: true);
        Assert.Equivalent(new FirebaseOptions(), firebase, strict: true);
    }

    [Fact]
    public void The_sample_names_every_setting_and_nothing_else() => Assert.Equal(Expected(), Named(Repository.Read(Sample)));

    [Theory]
    [InlineData("""{ "Delivery": { "ClaimSiz": 500 } }""")]
    [InlineData("""{ "Delivery": { "ClaimSize": 0 } }""")]
    [InlineData("""{ "Firebase": { "SendEndpoint": "http://fcm.example.com" } }""")]
    public async Task A_wrong_file_does_not_load(string json)
    {
        var file = Path.Combine(folder, "wrong.json");
        await File.WriteAllTextAsync(file, json, TestContext.Current.CancellationToken);
        await Assert.ThrowsAnyAsync<Exception>(() => LoadAsync(file));
    }

    [Fact]
    public void A_missing_or_misspelt_setting_is_noticed() => Assert.NotEqual(Expected(), Named("""{ "Delivery": { "ClaimSize": 500 }, "Firebas": { "SendTimeout": "00:00:10" } }"""));

    private async Task<(DeliveryOptions Delivery, FirebaseOptions Firebase)> LoadAsync(string file)
    {
        await using var app = ServerHost.Build(new ServerOptions { DataDirectory = folder, ConfigFile = file }, TimeProvider.System);
        return (app.Services.GetRequiredService<IOptions<DeliveryOptions>>().Value, app.Services.GetRequiredService<IOptions<FirebaseOptions>>().Value);
    }

    private static IEnumerable<string> Expected() =>
        new[]
        {
            (DeliveryOptions.Section, typeof(DeliveryOptions)), (ThrottleOptions.Section, typeof(ThrottleOptions)), (RetentionOptions.Section, typeof(RetentionOptions)), (FirebaseOptions.Section, typeof(FirebaseOptions)),
            (StorageOptions.Section, typeof(StorageOptions)), (ClusterSettings.Section, typeof(ClusterSettings)),
            (CustomerPageOptions.Section, typeof(CustomerPageOptions)), (TelemetryOptions.Section, typeof(TelemetryOptions)),
        }
            .SelectMany(s => s.Item2.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => $"{s.Item1}:{p.Name}"))
            // It has no default: SQLite takes none, and with PostgreSQL it holds a password.
            .Where(name => name != "Storage:ConnectionString").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Named(string json) =>
        JsonSerializer.Deserialize<JsonElement>(json).EnumerateObject().SelectMany(s => s.Value.EnumerateObject().Select(p => $"{s.Name}:{p.Name}")).Order(StringComparer.Ordinal);
}
