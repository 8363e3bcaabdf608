namespace Ringback.Server.Web;

/// <summary>Names in paths. They arrive as <c>encodeURIComponent</c> makes them, and Kestrel decodes all of it but the slash.</summary>
internal static class RouteText
{
    /// <summary>The name as it was before it was put into the path.</summary>
    public static string Name(string routeValue) => routeValue.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
