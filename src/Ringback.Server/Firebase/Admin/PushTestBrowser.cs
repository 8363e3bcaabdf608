using Microsoft.JSInterop;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Firebase.Admin;

/// <summary>The browser at the other end of a circuit: each step is a function of <c>wwwroot/push-test/push-test.js</c>.</summary>
internal sealed class PushTestBrowser(IJSObjectReference script, FirebaseOptions options, TimeProvider clock) : ITestBrowser
{
    /// <summary>The script gives up by itself after at most 50 s; this is for a script that has died.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);

    public Task<BrowserAnswer> SupportAsync(CancellationToken cancellation) => AskAsync("support", cancellation);

    public Task<BrowserAnswer> PermissionAsync(CancellationToken cancellation) => AskAsync("permission", cancellation);

    public Task<BrowserAnswer> WorkerAsync(CancellationToken cancellation) => AskAsync("worker", cancellation);

    public Task<BrowserAnswer> InstallationAsync(string project, WebAppValues values, CancellationToken cancellation) => AskAsync(
        "makeInstallation", cancellation, new { installations = Address(options.InstallationsEndpoint), registrations = Address(options.RegistrationsEndpoint) }, project,
        new { values.AppId, values.ApiKey, values.VapidKey });

    public Task<BrowserAnswer> SubscriptionAsync(CancellationToken cancellation) => AskAsync("subscribe", cancellation);

    public Task<BrowserAnswer> RegistrationAsync(CancellationToken cancellation) => AskAsync("makeRegistration", cancellation);

    public Task<BrowserAnswer> ArrivalAsync(string nonce, TimeSpan patience, CancellationToken cancellation) =>
        AskAsync("arrival", cancellation, nonce, (long)patience.TotalMilliseconds);

    public async Task CleanAsync()
    {
        try
        {
            await AskAsync("clean", CancellationToken.None);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // Nobody is there any more. The script cleans up as the page is left, or at the next test.
        }
    }

    private async Task<BrowserAnswer> AskAsync(string function, CancellationToken cancellation, params object?[] arguments)
    {
        using var patient = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patient.Token, cancellation);
        try
        {
            return await script.InvokeAsync<BrowserAnswer?>(function, either.Token, arguments) ?? new BrowserAnswer { Ok = true };
        }
        catch (JSException)
        {
            return new BrowserAnswer { Code = "browser.script" };
        }
        catch (OperationCanceledException) when (patient.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return new BrowserAnswer { Code = "browser.silent" };
        }
    }

    private static string Address(Uri endpoint) => endpoint.AbsoluteUri.TrimEnd('/');
}
