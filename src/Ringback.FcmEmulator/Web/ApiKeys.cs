using Ringback.FcmEmulator.Send;

namespace Ringback.FcmEmulator.Web;

/// <summary>
/// What Google's front end says to the API key of a browser. Every key is taken, except that its beginning chooses a refusal, as that of a token does for a send;
/// <c>AIza</c>, with which real keys begin, may stand before it.
/// </summary>
internal static class ApiKeys
{
    public const string Installations = "firebaseinstallations.googleapis.com";
    public const string Registrations = "fcmregistrations.googleapis.com";

    private const string GooglePrefix = "AIza";

    /// <summary>Why the request's key is not taken for a service of a project, or null.</summary>
    public static RpcStatus? Refuse(HttpRequest request, string service, string project)
    {
        var key = request.Headers["x-goog-api-key"].ToString();
        if (key.Length == 0)
        {
            return new RpcStatus(403, "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.");
        }
        var name = key.StartsWith(GooglePrefix, StringComparison.Ordinal) ? key[GooglePrefix.Length..] : key;
        return name.Split('-', 2) is not [var behaviour, _] ? null : behaviour switch
        {
            "invalid" => Blocked(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key not valid. Please pass a valid API key.", service),
            "expired" => Blocked(400, "INVALID_ARGUMENT", "API_KEY_INVALID", "API key expired. Please renew the API key.", service),
            "referrer" => RefuseReferrer(request, service, project),
            "service" => RefuseService(service, project),
            "noregister" when service == Registrations => RefuseService(service, project),
            "apioff" => ServiceDisabled(service, project),
            _ => null,
        };
    }

    private static RpcStatus RefuseReferrer(HttpRequest request, string service, string project)
    {
        var referrer = request.Headers.Referer.ToString() is { Length: > 0 } given ? given : "<empty>";
        return Blocked(403, "PERMISSION_DENIED", "API_KEY_HTTP_REFERRER_BLOCKED", $"Requests from referer {referrer} are blocked.", service,
            ("httpReferrer", referrer), ("consumer", $"projects/{project}"));
    }

    private static RpcStatus RefuseService(string service, string project) => Blocked(
        403, "PERMISSION_DENIED", "API_KEY_SERVICE_BLOCKED", $"Requests to this API {service} are blocked.", service, ("consumer", $"projects/{project}"));

    private static RpcStatus ServiceDisabled(string service, string project)
    {
        var url = $"https://console.developers.google.com/apis/api/{service}/overview?project={project}";
        return new(403, "PERMISSION_DENIED", $"The API {service} has not been used in project {project} before or it is disabled. Enable it by visiting {url} then retry.",
            new StatusDetail.Help("Google developers console API activation", url),
            new StatusDetail.ErrorInfo("SERVICE_DISABLED", "googleapis.com", new Dictionary<string, string> { ["service"] = service, ["consumer"] = $"projects/{project}" }));
    }

    private static RpcStatus Blocked(int code, string status, string reason, string message, string service, params IEnumerable<(string Name, string Value)> more)
    {
        var metadata = new Dictionary<string, string> { ["service"] = service };
        foreach (var (name, value) in more)
        {
            metadata.Add(name, value);
        }
        return new RpcStatus(code, status, message, new StatusDetail.ErrorInfo(reason, "googleapis.com", metadata));
    }
}
