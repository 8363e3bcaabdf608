using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Ringback.Engine;
using Ringback.Server.Web;

namespace Ringback.Server.Telemetry;

/// <summary>Lets a reader of <c>/metrics</c> through: they tell of all tenants, so a tenant's API key does not open them.</summary>
internal sealed class MetricsAccess(RequestDelegate next, IOptions<TelemetryOptions> options)
{
    private const string Scheme = "Bearer ";

    /// <summary>What a proxy adds. Its own address is this machine's where it runs here, so the address alone would let the whole world in.</summary>
    private static readonly string[] forwarded = ["Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP"];

    public Task InvokeAsync(HttpContext http)
    {
        if (options.Value.MetricsKey is { } key)
        {
            if (Sends(http.Request, key)) return next(http);
            http.Response.Headers.WWWAuthenticate = "Bearer";
            return RefuseAsync(http, Problems.MetricsKeyMissing.With("Send the header Authorization: Bearer with the value of the setting Telemetry:MetricsKey."));
        }
        return IsFromHere(http)
            ? next(http)
            : RefuseAsync(http, Problems.MetricsNotHere.With("Ask from the machine of the server and past any proxy, or set Telemetry:MetricsKey and send it as Authorization: Bearer."));
    }

    private static Task RefuseAsync(HttpContext http, Fault fault) => Answers.Refuse(http, fault).ExecuteAsync(http);

    private static bool IsFromHere(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !forwarded.Any(http.Request.Headers.ContainsKey);

    /// <summary>Compared by their hashes, so that the time it takes says nothing about the key.</summary>
    private static bool Sends(HttpRequest request, string key) =>
        request.Headers.Authorization is [{ } sent] && sent.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(sent[Scheme.Length..])), SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
