using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Ringback.Engine.Firebase;

/// <summary>How Firebase is reached. Section <c>Firebase</c>, environment <c>RINGBACK_Firebase__…</c>.</summary>
public sealed class FirebaseOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Firebase";

    /// <summary>
    /// Where access tokens come from; also the audience of the signed assertion. Default: Google. Plain HTTP is taken for a loopback address only.
    /// </summary>
    [Required]
    public Uri TokenEndpoint { get; set; } = new("https://oauth2.googleapis.com/token");

    /// <summary>
    /// Where messages go, without <c>/v1/projects/…</c>. Default: Google. Plain HTTP (spoken as HTTP/2 without TLS) is taken for a loopback address only.
    /// </summary>
    [Required]
    public Uri SendEndpoint { get; set; } = new("https://fcm.googleapis.com");

    /// <summary>
    /// How long one request may take. Default 10 s, from 10 s to 25 s: Firebase asks for at least 10 s, because a request that is given up may
    /// have been taken over and then shows twice; a lease of delivery bounds it from above.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:00:25", ParseLimitsInInvariantCulture = true)]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection is used before a new one takes over. Default 10 min, from 1 min to 1 h: name changes and drained front ends are
    /// noticed no later than this.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan ConnectionLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How long credentials that were replaced are kept, unless somebody confirms the new ones before: they come back by themselves when Firebase refuses the new
    /// ones. Default 1 day, from 1 min to 90 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan PreviousKeptFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Where a browser makes an installation of the web app; called by the browser, so the content security policy of the pages names it. Default: Google.
    /// Plain HTTP is taken for a loopback address only.
    /// </summary>
    [Required]
    public Uri InstallationsEndpoint { get; set; } = new("https://firebaseinstallations.googleapis.com");

    /// <summary>Where a browser registers its push subscription; otherwise as <see cref="InstallationsEndpoint"/>.</summary>
    [Required]
    public Uri RegistrationsEndpoint { get; set; } = new("https://fcmregistrations.googleapis.com");

    /// <summary>How long the browser test waits for its push once Firebase has taken it. Default 30 s, from 1 s to 45 s; most pushes need less than two.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:00:45", ParseLimitsInInvariantCulture = true)]
    public TimeSpan TestArrivalTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A <c>firebaseConfig</c> that the pane of the browser test offers to fill in, for demonstrations. Default: none.</summary>
    [MaxLength(FirebaseConfigSnippet.MaxLength)]
    public string SampleConfig { get; set; } = "";
}

/// <summary>What attributes cannot say about <see cref="FirebaseOptions"/>.</summary>
internal sealed class FirebaseOptionsRules : IValidateOptions<FirebaseOptions>
{
    public ValidateOptionsResult Validate(string? name, FirebaseOptions options)
    {
        List<string> mistakes = [];
        Check(nameof(FirebaseOptions.TokenEndpoint), options.TokenEndpoint, mistakes);
        Check(nameof(FirebaseOptions.SendEndpoint), options.SendEndpoint, mistakes);
        Check(nameof(FirebaseOptions.InstallationsEndpoint), options.InstallationsEndpoint, mistakes);
        Check(nameof(FirebaseOptions.RegistrationsEndpoint), options.RegistrationsEndpoint, mistakes);
        if (options.SampleConfig is { Length: > 0 } sample && FirebaseConfigSnippet.Read(sample) is null)
            mistakes.Add($"{FirebaseOptions.Section}:{nameof(FirebaseOptions.SampleConfig)} must be a firebaseConfig with appId and apiKey.");
        return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static void Check(string property, Uri? endpoint, List<string> mistakes)
    {
        var name = $"{FirebaseOptions.Section}:{property}";
        if (endpoint is null) return; // [Required] reports it.
        if (!endpoint.IsAbsoluteUri || (endpoint.Scheme != Uri.UriSchemeHttps && endpoint.Scheme != Uri.UriSchemeHttp))
            mistakes.Add($"{name} must be an absolute https:// address.");
        else if (endpoint.Scheme == Uri.UriSchemeHttp && !endpoint.IsLoopback)
            mistakes.Add($"{name} must begin with https://; http:// is allowed for a loopback address only, because keys and tokens would travel readable.");
        else if (endpoint.UserInfo.Length > 0 || endpoint.Query.Length > 0 || endpoint.Fragment.Length > 0)
            mistakes.Add($"{name} must not carry a user name, a query or a fragment.");
    }
}
