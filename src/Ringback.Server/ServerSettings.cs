using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration.Json;
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
internal static partial class ServerSettings
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
        return [.. configuration.GetChildren().Select(c => MistakeOf(c, configuration)).OfType<string>(), .. sections.SelectMany(s => s.MistakesOf(configuration.GetSection(s.Name), services))];
    }

    /// <summary>Kubernetes gives each container variables that name the services beside it: one of the name <c>ringback</c> makes them look like ours.</summary>
    [GeneratedRegex("^([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$")]
    private static partial Regex ServiceLink();

    private static Section? Of(string name) => Array.Find(sections, s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>What is wrong with a name that stands beside the sections, or null: the environment has others of our prefix, such as RINGBACK_TEST_POSTGRES. None may be a setting that was meant and has no effect.</summary>
    private static string? MistakeOf(IConfigurationSection stray, IConfiguration configuration)
    {
        var (name, isSet, known) = (stray.Key, stray.Value is { Length: > 0 }, string.Join(", ", sections.Select(s => s.Name)));
        if (Of(name) is { } given) return !isSet ? null : $"{given.Name} is a section and takes no value: name a setting in it, such as {given.Name}:{given.Settings[0]}.";
        if (stray.GetChildren().Any()) return $"{name} is no section. The sections are {known}.";
        if (!isSet || ServiceLink().IsMatch(name)) return null;
        if (Array.Find(sections, s => name.StartsWith($"{s.Name}_", StringComparison.OrdinalIgnoreCase)) is { } meant)
            return $"{name} is no setting. Between section and setting stand two underscores in a variable, RINGBACK_{meant.Name}__{name[(meant.Name.Length + 1)..].TrimStart('_')}, and a level in a file.";
        if (Array.Find(sections, s => s.Settings.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } home) return $"{name} stands outside of its section: it is {home.Name}:{name}.";
        var isInFile = configuration is IConfigurationRoot { Providers: var providers } && providers.OfType<JsonConfigurationProvider>().Any(file => file.TryGet(name, out _));
        return isInFile && !name.StartsWith('$') ? $"{name} is no section. The sections are {known}." : null;
    }

    private abstract class Section(string name)
    {
        public string Name => name;

        public abstract IReadOnlyList<string> Settings { get; }

        public abstract IEnumerable<string> MistakesOf(IConfigurationSection section, IServiceProvider services);
    }

    private sealed class Section<T>(string name) : Section(name)
        where T : class, new()
    {
        private static readonly PropertyInfo[] settings = [.. typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.CanWrite)];

        public override IReadOnlyList<string> Settings => [.. settings.Select(p => p.Name)];

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
