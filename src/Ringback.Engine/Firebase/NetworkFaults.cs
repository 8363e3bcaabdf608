namespace Ringback.Engine.Firebase;

/// <summary>What stands between this machine and Google, in words: which host, what happened, what to do.</summary>
internal static class NetworkFaults
{
    /// <summary>A sentence for a code of <see cref="WireAnswer.Failed"/>, or of an answer that was not in Google's form.</summary>
    public static string Remedy(string code, Uri endpoint)
    {
        var place = $"{endpoint.Host}:{endpoint.Port}";
        return code switch
        {
            "DNS" => $"The name {endpoint.Host} could not be resolved. Check the DNS servers of this machine, and whether it may look names up on the internet; then try again.",
            "REFUSED" => $"{place} refused the connection. Check that a firewall or a proxy (HTTPS_PROXY) does not turn it away, and that the address is right; then try again.",
            "CONNECTION" => $"No connection to {place} could be made, or it broke. Check route, firewall and proxy (HTTPS_PROXY) of this machine, and try again.",
            "TLS" => $"No secure connection to {place}: its certificate is not trusted here. Where a proxy opens TLS, let this host pass or install the proxy's CA; check the clock of this machine; then try again.",
            "TIMEOUT" => $"{place} did not answer in time. A firewall that drops packets looks like this. Let this machine reach it, and try again.",
            "RESET" or "PROTOCOL" => $"{place} broke the connection off ({code}). A proxy that does not speak HTTP/2 looks like this. Let this host pass it, and try again.",
            "UNAVAILABLE" or "INTERNAL" => $"Google's side has an outage at {place} ({code}). Try again in a few minutes.",
            _ => $"{place} answered, but not in Google's form ({code}). A proxy or a log-in page stands in between. Let this host pass it, and try again.",
        };
    }
}
