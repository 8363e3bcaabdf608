using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>Who tests what, from where.</summary>
/// <param name="Tenant">Whose credentials.</param>
/// <param name="By">The user, as pages show it.</param>
/// <param name="Values">What was typed in.</param>
/// <param name="Enabled">Whether <i>Enable this app to deliver push notifications to your browser</i> is ticked; without it nothing is tried.</param>
/// <param name="ProjectOfSnippet">The project that a pasted snippet named, or empty.</param>
/// <param name="Host">Host of the page, to name it in a remedy.</param>
public sealed record TestRun(TenantId Tenant, string By, WebAppValues Values, bool Enabled, string ProjectOfSnippet, string Host);

/// <summary>
/// Tests stored credentials with a real push (A7): the browser registers with Firebase, the push goes out through the credentials in force, and the browser sees it
/// arrive. The first step that fails ends the test. What Firebase and the browser were given for it is removed afterwards, whatever happens.
/// </summary>
public sealed partial class CredentialTest
{
    /// <summary>A push that is sent directly may take so long (design: publish, check and test).</summary>
    private static readonly TimeSpan sendPatience = TimeSpan.FromSeconds(10);

    private readonly CredentialService service;
    private readonly Credentials credentials;
    private readonly FcmSender sender;
    private readonly IBrowserTestStore store;
    private readonly TestGate gate;
    private readonly FirebaseOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger<CredentialTest> logger;

    internal CredentialTest(
        CredentialService service, Credentials credentials, FcmSender sender, IBrowserTestStore store, TestGate gate, IOptions<FirebaseOptions> options,
        TimeProvider clock, ILogger<CredentialTest> logger) =>
        (this.service, this.credentials, this.sender, this.store, this.gate, this.options, this.clock, this.logger) =
        (service, credentials, sender, store, gate, options.Value, clock, logger);

    /// <summary>The last test of the version in force, or null: not tested since the update.</summary>
    public async Task<LastBrowserTest?> LastAsync(TenantId tenant, CancellationToken cancellation) =>
        await credentials.GetAsync(tenant, cancellation) is OpenAnswer.Ready { Opened.Stored: var stored }
            ? await store.FindAsync(tenant, stored.App, stored.Version, cancellation)
            : null;

    /// <summary>
    /// Runs a test to its end and stores how it ended, unless it failed before anything was tried (at <see cref="TestStep.Fields"/>) or no credentials are stored.
    /// </summary>
    /// <param name="run">Who tests what.</param>
    /// <param name="browser">The browser.</param>
    /// <param name="tell">Told of each step as it begins and as it ends.</param>
    /// <param name="cancellation">The page is gone: the test ends without a result.</param>
    public async Task<Answer<TestEnd>> RunAsync(TestRun run, ITestBrowser browser, Func<TestProgress, Task> tell, CancellationToken cancellation)
    {
        var course = new Course(this, run, browser, cancellation);
        // Fields are looked at as often as somebody likes: that costs nobody anything.
        if (course.CheckFields().Fault is not null) return await WalkAsync(course, tell);
        var pass = gate.Enter(run.Tenant);
        if (pass.Fault is { } busy) return busy;
        using var running = pass.Value;
        TestEnd end;
        try
        {
            end = await WalkAsync(course, tell);
        }
        finally
        {
            await browser.CleanAsync();
        }
        await RecordAsync(course, end);
        return end;
    }

    /// <summary>Sends one test push to a token that somebody names, through the credentials in force; the outcome is in the answer and nowhere else.</summary>
    /// <returns>Null where FCM has taken the push.</returns>
    public async Task<Answer<TestFault?>> SendAsync(TenantId tenant, PushTarget target, CancellationToken cancellation)
    {
        var pass = gate.Enter(tenant);
        if (pass.Fault is { } busy) return busy;
        using var running = pass.Value;
        var answer = await credentials.GetAsync(tenant, cancellation);
        return answer is OpenAnswer.Ready ready
            ? await SendAsync(ready.Opened, target, NewNonce(), cancellation)
            : SendFaults.Of(((OpenAnswer.Blocked)answer).Outcome, "");
    }

    private static async Task<TestEnd> WalkAsync(Course course, Func<TestProgress, Task> tell)
    {
        foreach (var (step, take) in course.Steps)
        {
            await tell(new TestProgress(step, StepState.Waiting, ""));
            var taken = await take();
            if (taken.Fault is { } fault)
            {
                await tell(new TestProgress(step, StepState.Failed, fault.Reason, fault));
                return new TestEnd(step, fault);
            }
            await tell(new TestProgress(step, StepState.Passed, taken.Text));
        }
        return new TestEnd(null, null);
    }

    private async Task<TestFault?> SendAsync(OpenedCredential opened, PushTarget target, string nonce, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(sendPatience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        SendOutcome outcome;
        try
        {
            outcome = await sender.SendOnceAsync(opened, TestMessage.Write(target, nonce), either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            outcome = new SendOutcome.Unavailable("TIMEOUT", null);
        }
        return SendFaults.Of(outcome, opened.Credential.ProjectName);
    }

    private async Task RecordAsync(Course course, TestEnd end)
    {
        if (course.Opened is not { Stored: var stored }) return;
        var test = new LastBrowserTest
        {
            Tenant = stored.Tenant,
            App = stored.App,
            Version = stored.Version,
            At = clock.Now(),
            By = course.Run.By,
            FailedAt = end.FailedAt,
            Code = end.Fault?.Code,
            Detail = end.Fault is { } fault ? $"{fault.Reason} {fault.Remedy}" : "A push sent through these credentials arrived in a browser.",
        };
        // The page may be gone by now; how the test ended counts all the same.
        await store.RecordAsync(test, CancellationToken.None);
        Log.Tested(logger, stored.Tenant, stored.ProjectName, stored.Version, course.Run.By, end.FailedAt?.ToString() ?? "nowhere", end.Fault?.Code ?? "none");
    }

    private static string NewNonce() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static partial class Log
    {
        [LoggerMessage(3040, LogLevel.Information, "Tenant {Tenant}: credentials for project {Project}, version {Version}, tested in a browser by {User}; failed at: {Step}, code: {Code}")]
        public static partial void Tested(ILogger logger, TenantId tenant, string project, int version, string user, string step, string code);
    }
}
