using System.Globalization;
using Ringback.Engine;

namespace Ringback.Server.Web;

/// <summary>The two forms of our answers: the envelope of <c>/engagement/v3</c>, and plain JSON with problem details everywhere else.</summary>
internal static class Answers
{
    /// <summary>Where the wire contract of the published clients holds.</summary>
    public static readonly PathString EngagementPath = "/engagement/v3";

    /// <summary>Success in the envelope.</summary>
    public static IResult Envelope(HttpContext http, object data) =>
        Results.Json(new { status = Status(http, 0, "Successful"), data }, WireJson.Options);

    /// <summary>Success as plain JSON.</summary>
    public static IResult Ok(object value) => Results.Json(value, WireJson.Options);

    /// <summary>A fault in the form that the path of the request asks for.</summary>
    public static IResult Refuse(HttpContext http, Fault fault)
    {
        if (fault.RetryAfter is { } after)
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        if (http.Request.Path.StartsWithSegments(EngagementPath, StringComparison.OrdinalIgnoreCase))
        {
            // Only create's 429 has data beside its status.
            var data = fault.Slots is { } slots ? new { slots } : null;
            return Results.Json(new { status = Status(http, fault.Problem.EngagementCode, fault.Detail), data }, WireJson.Options, statusCode: fault.Problem.Status);
        }
        var problem = new
        {
            type = $"urn:ringback:problem:{fault.Problem.Code}",
            title = fault.Problem.Title,
            status = fault.Problem.Status,
            detail = fault.Detail,
            code = fault.Problem.Code,
            corrId = http.TraceIdentifier,
            errors = fault.Mistakes.Count > 0 ? fault.Mistakes.Select(m => new { m.Line, m.Field, m.Message }) : null,
        };
        return Results.Json(problem, WireJson.Options, "application/problem+json", fault.Problem.Status);
    }

    /// <summary>The answer's value in the envelope, shaped by <paramref name="shape"/>, or its fault.</summary>
    public static IResult Envelope<T>(HttpContext http, Answer<T> answer, Func<T, object> shape) =>
        answer.Fault is { } fault ? Refuse(http, fault) : Envelope(http, shape(answer.Value));

    /// <summary>The answer's value as plain JSON, shaped by <paramref name="shape"/>, or its fault.</summary>
    public static IResult Plain<T>(HttpContext http, Answer<T> answer, Func<T, object> shape) =>
        answer.Fault is { } fault ? Refuse(http, fault) : Ok(shape(answer.Value));

    private static object Status(HttpContext http, int code, string message) => new { code, message, corrId = http.TraceIdentifier };
}
