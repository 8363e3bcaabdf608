using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Ringback.Server.Web;

/// <summary>The files of <c>clients/web</c>, which app developers copy and our own pages use: one text for both, carried inside the program.</summary>
internal static class ClientFiles
{
    /// <summary>What the project file puts before their names.</summary>
    private const string Prefix = "clients/web/";

    private static readonly FrozenDictionary<string, (byte[] Bytes, EntityTagHeaderValue Tag)> files = Read().ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>One of them, to be asked for again each time and sent only where it changed: a page and its worker must be of one version.</summary>
    public static IResult Send(HttpContext http, string name)
    {
        if (!files.TryGetValue(name, out var file)) return Results.NotFound();
        http.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(file.Bytes, TypeOf(name), entityTag: file.Tag);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        _ => "text/javascript; charset=utf-8",
    };

    private static IEnumerable<KeyValuePair<string, (byte[] Bytes, EntityTagHeaderValue Tag)>> Read()
    {
        var assembly = typeof(ClientFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            yield return new(name[Prefix.Length..], (bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes)[..16])}\"")));
        }
    }
}
