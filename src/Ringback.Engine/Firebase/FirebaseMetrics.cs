using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ringback.Engine.Firebase;

/// <summary>What can be counted of access tokens (docs/operations/metrics.md).</summary>
public sealed class FirebaseMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Ringback.Firebase";

    private readonly Counter<long> fetches;

    /// <summary>The instruments, on a meter of this process's factory.</summary>
    public FirebaseMetrics(IMeterFactory meters) => fetches = meters.Create(MeterName).CreateCounter<long>(
        "ringback.token.refreshes", null, "Access tokens that were asked for, at checks too, by what came of it.");

    /// <summary>Google has answered, or has not.</summary>
    internal void Fetched(TokenAnswer answer)
    {
        var (result, code) = answer switch
        {
            TokenAnswer.Token => ("fetched", "OK"),
            TokenAnswer.Refused refused => ("refused", refused.Fault.Code),
            TokenAnswer.Unavailable away => ("unavailable", away.Outcome.Code),
            _ => throw new UnreachableException("TokenAnswer is closed."),
        };
        fetches.Add(1, new("result", result), new("code", code));
    }
}
