using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Web;

/// <summary>
/// <c>/web-apps/PROJECT</c>: the <c>firebaseConfig</c> of a web app of that project, as the Firebase console shows it. Made from the project's name, so that it is the
/// same in every emulator and after every start.
/// </summary>
internal sealed class WebApps(AccountRegistry accounts)
{
    private const int ApiKeyLetters = 35;

    public static void Map(WebApplication app) => app.MapGet("/web-apps/{project}", (RequestDelegate)ShowAsync);

    /// <summary>Whether the app belongs to a known project other than this one; whose an unknown number is nobody but Google knows.</summary>
    public bool IsForeign(Installation installation)
        => installation.SenderId != NumberOf(installation.ProjectId)
            && accounts.List().Any(account => account.ProjectId != installation.ProjectId && NumberOf(account.ProjectId) == installation.SenderId);

    private static Task ShowAsync(HttpContext context)
    {
        var project = (string)context.Request.RouteValues["project"]!;
        if (!ServiceAccountFile.IsProjectId(project))
        {
            return JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, "That is no project id.");
        }
        var number = NumberOf(project);
        return JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("apiKey", "AIza" + Base64Url.EncodeToString(Digest(project, "key"))[..ApiKeyLetters]);
            json.WriteString("projectId", project);
            json.WriteString("messagingSenderId", number);
            json.WriteString("appId", $"1:{number}:web:{Convert.ToHexStringLower(Digest(project, "app"))[..22]}");
            json.WriteEndObject();
        });
    }

    /// <summary>Twelve digits, the first not 0.</summary>
    private static string NumberOf(string project)
        => (100_000_000_000 + (BinaryPrimitives.ReadUInt64BigEndian(Digest(project, "number")) % 900_000_000_000)).ToString(CultureInfo.InvariantCulture);

    private static byte[] Digest(string project, string use) => SHA256.HashData(Encoding.UTF8.GetBytes($"{use} of {project}"));
}
