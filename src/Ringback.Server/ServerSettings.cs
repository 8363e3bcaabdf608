using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;
using Ringback.Cluster.Silo;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Server.Commands;
using Ringback.Server.Demo;
using Ringback.Server.Telemetry;
using Ringback.Storage;

namespace Ringback.Server;

/// <summary>
/// Every section of the configuration, and what is wrong in it: all at once, where binding stops at the first mistake of a section. No message quotes a
/// value, which may be a secret.
/// </summary>
internal static class ServerSettings
{
    private static readonly Section[] sections =
    [
        new Section<DeliveryOptions>(DeliveryOptions.Section),
        new Section<ThrottleOptions>(ThrottleOptions.Section),
        new Section<RetentionOptions>(RetentionOptions.Section),
        new Section<FirebaseOptions>(FirebaseOptions.Section),
        new Section<StorageOptions>(StorageOptions.Section),
        new Section<ClusterSettings>(ClusterSettings.Section),
        new Section<CustomerPageOptions>(CustomerPageOptions.Section),
        new Section<TelemetryOptions>(TelemetryOptions.Section),
    ];

    /// <summary>Refuses a configuration with mistakes.</summary>
    public static void Require(IServiceProvider services)
    {
        if (MistakesOf(services) is { Count: > 0 } mistakes) throw new CommandException($"the configuration is wrong: {string.Join(" ", mistakes)}");
    }

    /// <summary>Every mistake, by section.</summary>
    public static IReadOnlyList<string> MistakesOf(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        // A variable such as RINGBACK_TEST_POSTGRES is no section: it has nothing below it.
        var unknown = configuration.GetChildren()
            .Where(c => c.GetChildren().Any() && !sections.Any(s => s.Name.Equals(c.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(c => $"{c.Key} is no section. The sections are {string.Join(", ", sections.Select(s => s.Name))}.");
        return [.. unknown, .. sections.SelectMany(s => s.MistakesOf(configuration.GetSection(s.Name), services))];
    }

    private abstract class Section(string name)
    {
        public string Name => name;

        public abstract IEnumerable<string> MistakesOf(IConfigurationSection section, IServiceProvider services);
    }

    private sealed class Section<T>(string name) : Section(name)
        where T : class, new()
    {
        private static readonly PropertyInfo[] settings = [.. typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.CanWrite)];

        public override IEnumerable<string> MistakesOf(IConfigurationSection section, IServiceProvider services)
        {
            var options = new T();
            List<string> mistakes = [];
            foreach (var given in section.GetChildren()) Set(options, given, mistakes);

            var annotated = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), annotated, validateAllProperties: true);
            mistakes.AddRange(annotated.Select(a => $"{Name}:{string.Join(", ", a.MemberNames)}: {a.ErrorMessage}"));
            mistakes.AddRange(services.GetServices<IValidateOptions<T>>().Where(v => v is not DataAnnotationValidateOptions<T>)
                .Select(v => v.Validate(Options.DefaultName, options)).Where(r => r.Failed).SelectMany(r => r.Failures ?? []));
            return mistakes;
        }

        private void Set(T options, IConfigurationSection given, List<string> mistakes)
        {
            var setting = settings.FirstOrDefault(p => p.Name.Equals(given.Key, StringComparison.OrdinalIgnoreCase));
            if (setting is null)
            {
                mistakes.Add($"{Name}:{given.Key} is no setting. The settings of {Name} are {string.Join(", ", settings.Select(p => p.Name))}.");
                return;
            }
            try
            {
                if (given.Get(setting.PropertyType) is { } value) setting.SetValue(options, value);
            }
            catch (InvalidOperationException)
            {
                mistakes.Add($"{Name}:{setting.Name} must be {Words(setting.PropertyType)}.");
            }
        }

        private static string Words(Type type) => type switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type)).ToLowerInvariant()}",
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a time span such as 00:00:10",
            _ when type == typeof(Uri) => "an address",
            _ => $"of type {type.Name}",
        };
    }
}
