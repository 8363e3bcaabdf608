using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Ringback.Cluster.Silo;
using Ringback.Engine.Callbacks;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Engine.Queues;
using Ringback.Engine.Queues.Calendar;
using Ringback.Server.Demo;
using Ringback.Server.Telemetry;
using Ringback.Storage;
using Xunit;

namespace Ringback.Server.Tests.Docs;

/// <summary>docs/operations/settings.md is made from the options and from the settings of a queue.</summary>
public sealed class SettingsDocTests
{
    private const string File = "docs/operations/settings.md";

    [Fact]
    public void The_page_says_what_the_code_says() => Repository.Compare(File, Make(new DeliveryOptions(), new QueueSettings()));

    [Fact]
    public void A_changed_default_is_noticed()
    {
        Assert.NotEqual(Repository.Read(File), Make(new DeliveryOptions { ClaimSize = 7 }, new QueueSettings()));
        Assert.NotEqual(Repository.Read(File), Make(new DeliveryOptions(), new QueueSettings { MaxAttempts = 7 }));
    }

    private static string Make(DeliveryOptions delivery, QueueSettings queue)
    {
        var page = new StringBuilder("""
            # Settings

            <!-- Made from the code by tests/Ringback.Server.Tests/Docs/SettingsDocTests.cs. Do not edit by hand. -->

            There are two kinds. Settings of the process come from the file given with `--config` and from the environment, which outranks the file;
            they are read at the start. Settings of a queue are in the database and are changed through the API; a change is in force at once.

            An unknown section or key, or a value out of range, keeps the server from starting; `ringback check-config` names every such mistake without
            starting. In the environment two underscores stand between section and key, as in `RINGBACK_Storage__Provider`; one alone is refused.
            `deploy/ringback.sample.json` holds every setting of the process with its default, but for `Storage:ConnectionString`, which has none.


            """.ReplaceLineEndings("\n"));
        Options(page, DeliveryOptions.Section, delivery);
        Options(page, ThrottleOptions.Section, new ThrottleOptions());
        Options(page, RetentionOptions.Section, new RetentionOptions());
        Options(page, FirebaseOptions.Section, new FirebaseOptions());
        Options(page, StorageOptions.Section, new StorageOptions());
        page.Append("The 32 connections are those of the pool. A process has one more of its own, which shows that it is at work, and in a cluster a few for the list of nodes.\n\n");
        Options(page, ClusterSettings.Section, new ClusterSettings());
        Options(page, CustomerPageOptions.Section, new CustomerPageOptions());
        Options(page, TelemetryOptions.Section, new TelemetryOptions());
        page.Append("A request counts as one through a proxy where it has a header that proxies add; [metrics](metrics.md) names them, and what a proxy on the same machine must do.\n\n");
        page.Append("## Queue\n\nRead with `GET`, changed with `PATCH /management/v1/settings/queues/{name}`. A `null` puts a setting back to its default.\n\n");
        page.Append("| Setting | Default | Allowed | Meaning |\n|---|---|---|---|\n");
        foreach (var property in Settable(typeof(QueueSettings)))
        {
            if (property.PropertyType == typeof(RetrySeconds) || property.PropertyType == typeof(SlotCapacity))
            {
                foreach (var inner in Settable(property.PropertyType)) Row(page, $"{Camel(property.Name)}.{Camel(inner.Name)}", inner, property.GetValue(queue)!);
            }
            else Row(page, Camel(property.Name), property, queue);
        }
        BusinessHoursRows(page);
        return page.ToString();
    }

    private static void BusinessHoursRows(StringBuilder page)
    {
        page.Append("""

            ## Business hours

            The setting `businessHours` of a queue. An interval is local time of the zone, summer and winter alike. Night shifts belong to the day on which they begin
            and count on past midnight: `22:00-26:00` closes at two. A time that a change to summer time skips is the instant of the change; an interval covers both
            runs of an hour that comes twice. A `PATCH` that names one day of the week leaves the others as they are; lists are replaced as a whole.

            ```json
            {"businessHours": {
              "timeZone": "Europe/Berlin",
              "weekly": {"monday": ["09:00-12:30", "13:00-17:00"], "friday": ["09:00-12:00", "22:00-26:00"]},
              "holidays": [{"date": "2026-12-25", "name": "Christmas Day"}],
              "exceptions": [{"date": "2026-12-24", "open": ["09:00-12:00"], "name": "Christmas Eve"}]
            }}
            ```

            | Field | Allowed | Meaning |
            |---|---|---|

            """.ReplaceLineEndings("\n"));
        Field("timeZone", "IANA name", typeof(BusinessHours), nameof(BusinessHours.TimeZone));
        Field("weekly", "`monday` to `sunday`, each at most 10 intervals", typeof(BusinessHours), nameof(BusinessHours.Weekly));
        Field("holidays", "at most 400, each `date` and `name`", typeof(BusinessHours), nameof(BusinessHours.Holidays));
        Field("exceptions", "at most 400, each `date`, `open` (at most 10 intervals) and `name`", typeof(BusinessHours), nameof(BusinessHours.Exceptions));

        void Field(string name, string allowed, Type type, string property) =>
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {allowed} | {XmlDoc.Property(type, property)} |\n");
    }

    private static void Options<T>(StringBuilder page, string section, T options)
    {
        page.Append(CultureInfo.InvariantCulture, $"## Section {section}\n\n| Setting | Environment | Default | Allowed | Meaning |\n|---|---|---|---|---|\n");
        foreach (var property in Settable(typeof(T)))
        {
            var allowed = property.GetCustomAttribute<RangeAttribute>() is { } range ? $"{range.Minimum} to {range.Maximum}" : property.PropertyType switch
            {
                { IsEnum: true } type => string.Join(", ", Enum.GetNames(type)).ToLowerInvariant(),
                var type when type == typeof(bool) => "true, false",
                var type when type == typeof(Uri) => "an absolute address",
                _ => "a text",
            };
            page.Append(CultureInfo.InvariantCulture,
                $"| `{section}:{property.Name}` | `RINGBACK_{section}__{property.Name}` | `{property.GetValue(options)}` | {allowed} | {XmlDoc.Property(typeof(T), property.Name)} |\n");
        }
        page.Append('\n');
    }

    private static void Row(StringBuilder page, string name, PropertyInfo property, object settings) =>
        page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {Default(property, settings)} | {Allowed(name)} | {XmlDoc.Property(property.DeclaringType!, property.Name)} |\n");

    private static string Default(PropertyInfo property, object settings) => property.GetValue(settings) switch
    {
        null => "none",
        Enum word => $"`{Word(word)}`",
        bool flag => flag ? "`true`" : "`false`",
        string or int => $"`{property.GetValue(settings)}`",
        _ => "none",
    };

    /// <summary>From the table of columns, by which the code judges.</summary>
    private static string Allowed(string name)
    {
        if (SettingsFields.Find(name) is { } field) return Rule(field);
        var inner = SettingsFields.All.FirstOrDefault(f => f.Name.StartsWith($"{name}.", StringComparison.Ordinal));
        Assert.True(inner is not null, $"Add {name} to SettingsFields.");
        return $"event name → {Rule(inner)}";
    }

    private static string Rule(SettingsField field) => field.Kind switch
    {
        SettingsFieldKind.Word => string.Join(", ", field.Words.Select(w => $"`{w}`")),
        SettingsFieldKind.Flag => "`true`, `false`",
        SettingsFieldKind.Json when field.Name == "businessHours" => "[see below](#business-hours)",
        _ => field.Allowed.Replace("a whole number from ", "", StringComparison.Ordinal).Replace("a text of ", "", StringComparison.Ordinal),
    };

    private static string Word(Enum value) => JsonSerializer.Serialize(value, value.GetType(), words).Trim('"');

    private static readonly JsonSerializerOptions words = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter<Engine.Presentation>(JsonNamingPolicy.CamelCase) },
    };

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => p.SetMethod is { IsPublic: true }).OrderBy(p => p.MetadataToken);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
