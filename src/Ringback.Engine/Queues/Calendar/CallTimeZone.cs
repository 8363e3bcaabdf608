using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Ringback.Engine.Queues.Calendar;

/// <summary>The zone that a caller names for the times of a call: how those without an offset are read, and how answers are written.</summary>
public sealed partial class CallTimeZone
{
    private const string LocalForm = "yyyy-MM-dd'T'HH:mm:ss.fffzzz";

    private readonly DateTimeZone zone;

    private CallTimeZone(DateTimeZone zone) => this.zone = zone;

    /// <summary>The zone where none is named.</summary>
    public static CallTimeZone Utc { get; } = new(DateTimeZone.Utc);

    /// <summary>Its name as it was given.</summary>
    public string Id => zone.Id;

    /// <summary>The zone of an IANA name, or null where there is none.</summary>
    public static CallTimeZone? Find(string id) => DateTimeZoneProviders.Tzdb.Ids.Contains(id) ? new CallTimeZone(DateTimeZoneProviders.Tzdb[id]) : null;

    /// <summary>
    /// The instant that an ISO 8601 text means: by its own <c>Z</c> or offset, else by the wall clock of this zone. A time that a change to summer time skips
    /// counts on over the change; of one that comes twice, the first is meant. Null where the text is no such time.
    /// </summary>
    public DateTimeOffset? Read(string text)
    {
        if (text.Length > 40 || Form().Match(text) is not { Success: true } match) return null;
        if (match.Groups["offset"].Success)
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? Whole(at) : null;
        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) && local.Year is > 1 and < 9_999
            ? Whole(zone.AtLeniently(LocalDateTime.FromDateTime(local)).ToDateTimeOffset())
            : null;
    }

    /// <summary>The instant on the wall clock of this zone, with its offset: <c>2026-11-23T11:15:30.000+01:00</c>.</summary>
    public string Write(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(zone).ToDateTimeOffset().ToString(LocalForm, CultureInfo.InvariantCulture);

    /// <summary>The same wall-clock time some days later, whatever lies between.</summary>
    public DateTimeOffset PlusDays(DateTimeOffset at, int days) =>
        zone.AtLeniently(Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime.PlusDays(days)).ToDateTimeOffset().ToUniversalTime();

    private static DateTimeOffset Whole(DateTimeOffset at) => Clock.FromMicroseconds(at.ToMicroseconds());

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(?<offset>Z|[+-]\d\d:?\d\d)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
