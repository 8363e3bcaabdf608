using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;

namespace Ringback.Server;

/// <summary>
/// Looks through the whole configuration before anything starts. The framework stops at the first section with a mistake, and within a section at the first
/// name or value that it cannot read; whoever sets up a server wants to hear of all of them at once.
/// </summary>
internal static class SettingsCheck
{
    private static readonly Section[] sections = [new Section<DeliveryOptions>(DeliveryOptions.Section), new Section<FirebaseOptions>(FirebaseOptions.Section)];

    /// <summary>Everything that is wrong, one sentence each, by section. Values are never repeated: one may be a secret in the wrong place.</summary>
    public static IReadOnlyList<string> MistakesIn(IConfiguration configuration, IServiceProvider services)
    {
        // What stands outside every section (RINGBACK_CRASH_POINT) is no setting.
        var unknown = configuration.GetChildren().Where(child => child.GetChildren().Any() && !Array.Exists(sections, s => Same(s.Name, child.Key)));
        return
        [
            .. unknown.Select(section => $"{section.Key} is no section; there are {string.Join(" and ", sections.Select(s => s.Name))}."),
            .. sections.SelectMany(section => section.MistakesIn(configuration.GetSection(section.Name), services)),
        ];
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private abstract record Section(string Name)
    {
        public abstract IEnumerable<string> MistakesIn(IConfigurationSection given, IServiceProvider services);
    }

    private sealed record Section<TOptions>(string Name) : Section(Name) where TOptions : class, new()
    {
        private static readonly PropertyInfo[] settings = typeof(TOptions).GetProperties(BindingFlags.Public | BindingFlags.Instance);

        public override IEnumerable<string> MistakesIn(IConfigurationSection given, IServiceProvider services)
        {
            var options = new TOptions();
            var mistakes = given.GetChildren().Select(child => Set(options, child)).OfType<string>().ToList();
            var outOfRange = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), outOfRange, validateAllProperties: true);
            mistakes.AddRange(outOfRange.Select(wrong => $"{Name}:{wrong.MemberNames.First()}: {wrong.ErrorMessage}"));
            // What attributes cannot say; those that only look at attributes have had their turn.
            foreach (var rules in services.GetServices<IValidateOptions<TOptions>>().Where(rules => rules is not DataAnnotationValidateOptions<TOptions>))
                mistakes.AddRange(rules.Validate(Options.DefaultName, options).Failures ?? []);
            return mistakes;
        }

        /// <summary>Takes one setting over; the mistake where that fails.</summary>
        private string? Set(TOptions options, IConfigurationSection child)
        {
            if (Array.Find(settings, s => Same(s.Name, child.Key)) is not { } setting)
                return $"{Name}:{child.Key} is no setting; there are {string.Join(", ", settings.Select(s => s.Name))}.";
            try
            {
                setting.SetValue(options, child.Get(setting.PropertyType));
                return null;
            }
            catch (InvalidOperationException)
            {
                return $"{Name}:{setting.Name} cannot be read as {Kind(setting.PropertyType)}.";
            }
        }

        private static string Kind(Type type) =>
            type == typeof(int) ? "a whole number" : type == typeof(TimeSpan) ? "a span of time such as 00:00:10" : type == typeof(Uri) ? "an address" : $"a {type.Name}";
    }
}
