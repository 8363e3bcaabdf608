using System.ComponentModel.DataAnnotations;

namespace Ringback.Server.Telemetry;

/// <summary>Who may see the metrics, section <c>Telemetry</c>. Where else they and the traces go is said by the standard variables <c>OTEL_…</c>.</summary>
public sealed class TelemetryOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Telemetry";

    /// <summary>
    /// What a reader of <c>/metrics</c> sends as <c>Authorization: Bearer …</c>, 20 to 200 characters. It is a secret: give it by the environment or in a file that only the server can
    /// read. Not given: only who asks from this machine, and not through a proxy, may read them.
    /// </summary>
    [StringLength(200, MinimumLength = 20)]
    public string? MetricsKey { get; set; }
}
