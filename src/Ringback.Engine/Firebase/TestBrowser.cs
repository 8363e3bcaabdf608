namespace Ringback.Engine.Firebase;

/// <summary>What the browser reports of one step. Codes and numbers only: the words are <see cref="BrowserFaults"/>'.</summary>
public sealed record BrowserAnswer
{
    /// <summary>Whether the step passed.</summary>
    public bool Ok { get; init; }

    /// <summary>What went wrong, one of the codes of <see cref="BrowserFaults"/>.</summary>
    public string? Code { get; init; }

    /// <summary>The HTTP status of Firebase's refusal.</summary>
    public int? Status { get; init; }

    /// <summary><c>error.status</c> of Firebase's refusal, such as <c>PERMISSION_DENIED</c>.</summary>
    public string? Rpc { get; init; }

    /// <summary>The reason in the details of Firebase's refusal, such as <c>API_KEY_INVALID</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>The kind of browser: <c>firefox</c>, <c>chrome</c>, <c>edge</c>, <c>safari</c> or <c>other</c>.</summary>
    public string? Browser { get; init; }

    /// <summary>The registration token, where that is what the step is for.</summary>
    public string? Token { get; init; }

    /// <summary>The mark of the push that arrived.</summary>
    public string? Nonce { get; init; }

    /// <summary>Whether the tab was visible as the push arrived; otherwise the service worker showed a notification.</summary>
    public bool Visible { get; init; }

    /// <summary>Whether the service worker could show the notification of a push that arrived in a hidden tab.</summary>
    public bool Shown { get; init; }
}

/// <summary>
/// The browser before which somebody sits, as the test needs it. No method throws for what a browser, its user or Firebase does; an exception is the end of the page.
/// </summary>
public interface ITestBrowser
{
    /// <summary>Whether this page can receive pushes. Also removes what a test left behind that was cut off.</summary>
    Task<BrowserAnswer> SupportAsync(CancellationToken cancellation);

    /// <summary>Asks for the permission to show notifications.</summary>
    Task<BrowserAnswer> PermissionAsync(CancellationToken cancellation);

    /// <summary>Starts the service worker.</summary>
    Task<BrowserAnswer> WorkerAsync(CancellationToken cancellation);

    /// <summary>Makes an installation of the web app.</summary>
    Task<BrowserAnswer> InstallationAsync(string project, WebAppValues values, CancellationToken cancellation);

    /// <summary>Subscribes with the browser's push service; an old subscription is ended first.</summary>
    Task<BrowserAnswer> SubscriptionAsync(CancellationToken cancellation);

    /// <summary>Registers the subscription with Firebase; the answer has the token.</summary>
    Task<BrowserAnswer> RegistrationAsync(CancellationToken cancellation);

    /// <summary>Waits for the push of that mark.</summary>
    Task<BrowserAnswer> ArrivalAsync(string nonce, TimeSpan patience, CancellationToken cancellation);

    /// <summary>Removes registration, installation and subscription, as far as it can.</summary>
    Task CleanAsync();
}
