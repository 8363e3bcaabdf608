using System.Text.Json;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Queues.Api;

/// <summary><c>GET /management/v1/queues/{name}/forecast-quality</c>: how good the waits were that customers were told (rule D3).</summary>
internal static class ForecastQualityCall
{
    public static async Task<IResult> GetAsync(HttpContext http, string name, ForecastService service, string? from = null, string? to = null)
    {
        var fields = new JsonFields(JsonSerializer.SerializeToElement(new { from, to }));
        var (start, end) = (fields.Instant("from"), fields.Instant("to"));
        if (fields.Fault is { } fault) return Answers.Refuse(http, fault);
        var answer = await service.QualityAsync(http.Caller().Tenant, RouteText.Name(name), start, end);
        return Answers.Plain(http, answer, quality => new
        {
            queue = RouteText.Name(name),
            quality.From,
            quality.To,
            covered = new { withinSeconds = ForecastTally.CoveredSeconds, orWithinPercent = ForecastTally.CoveredPercent },
            forecasts = quality.Tallies.Select(Shape),
        });
    }

    private static object Shape(ForecastTally tally) => new
    {
        tally.Moment,
        tally.Mode,
        tally.Said,
        tally.Unknown,
        tally.Served,
        biasSeconds = Rounded(tally.BiasSeconds, 1),
        meanAbsoluteErrorSeconds = Rounded(tally.MeanAbsoluteErrorSeconds, 1),
        coverage = Rounded(tally.Coverage, 4),
    };

    private static double? Rounded(double? value, int digits) => value is { } number ? Math.Round(number, digits) : null;
}
