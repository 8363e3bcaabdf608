using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Ringback.Server.Demo;

/// <summary>The customer's page <c>/demo</c>. Section <c>Demo</c>, environment <c>RINGBACK_Demo__…</c>.</summary>
public sealed class CustomerPageOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Demo";

    /// <summary>Whether the server has the page <c>/demo</c>, with which anybody may ask for callbacks. For demonstrations and development. Default: no.</summary>
    public bool Enabled { get; set; }

    /// <summary>The API key that the page uses. Everybody who opens the page gets it, so it must have the right <c>engagement</c> and no other. Needed where the page is on.</summary>
    [MaxLength(Engine.Access.ApiKey.MaxLength)]
    public string ApiKey { get; set; } = "";

    /// <summary>The queue on which the centre calls the customer. Empty: the page does not offer it.</summary>
    [MaxLength(64)]
    public string Queue { get; set; } = DemoSeed.Queue;

    /// <summary>The queue on which customers call in themselves. Empty: the page does not offer it.</summary>
    [MaxLength(64)]
    public string CallInQueue { get; set; } = DemoSeed.CallInQueue;

    /// <summary>
    /// The <c>firebaseConfig</c> of the web app with which the page registers browsers, as JSON with <c>projectId</c>, <c>apiKey</c>, <c>appId</c> and, where it has one, <c>vapidKey</c>.
    /// Empty: the page takes callbacks without notifications.
    /// </summary>
    [MaxLength(2_000)]
    public string WebApp { get; set; } = "";
}

/// <summary>What a browser has to know of a Firebase web app; all of it is public.</summary>
internal sealed record CustomerWebApp(string ProjectId, string ApiKey, string AppId, string? VapidKey)
{
    /// <summary>The web app of <see cref="CustomerPageOptions.WebApp"/>; null where the text is none.</summary>
    public static CustomerWebApp? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<CustomerWebApp>(json, JsonSerializerOptions.Web) is { ProjectId.Length: > 0, ApiKey.Length: > 0, AppId.Length: > 0 } app ? app : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What attributes cannot say about <see cref="CustomerPageOptions"/>.</summary>
internal sealed class CustomerPageOptionsRules : IValidateOptions<CustomerPageOptions>
{
    public ValidateOptionsResult Validate(string? name, CustomerPageOptions options)
    {
        List<string> mistakes = [];
        if (options.WebApp.Length > 0 && CustomerWebApp.Read(options.WebApp) is null) mistakes.Add("Demo:WebApp must be the firebaseConfig of a web app as JSON, with projectId, apiKey and appId.");
        if (options.Enabled && options.ApiKey.Length == 0)
            mistakes.Add("Demo:ApiKey is missing: make a key with the right 'engagement' and no other (ringback api-keys create), or switch the page off with Demo:Enabled.");
        if (options.Enabled && options.Queue.Length == 0 && options.CallInQueue.Length == 0) mistakes.Add("Demo:Queue and Demo:CallInQueue must not both be empty where the page is on.");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }
}
