namespace Ringback.Server.Web;

/// <summary>Where to go after signing in. The address came from outside, so only one of our own pages is taken.</summary>
internal static class ReturnUrl
{
    /// <summary>The address if it is a path on this host, else the first page. <c>//host</c> and <c>/\host</c> would lead browsers elsewhere.</summary>
    public static string Safe(string? address) =>
        address is ['/', ..] && address is not ['/', '/' or '\\', ..] && address.Length <= 2048 && !address.Any(char.IsControl) && !address.Contains('\\', StringComparison.Ordinal)
            ? address
            : "/";
}
