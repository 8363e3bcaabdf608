using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <content>What each step does.</content>
public sealed partial class CredentialTest
{
    /// <summary>How one step ended: with a text, or with a fault.</summary>
    private sealed record Taken(string Text, TestFault? Fault)
    {
        public static implicit operator Taken(string text) => new(text, null);

        public static implicit operator Taken(TestFault fault) => new("", fault);
    }

    /// <summary>One test under way.</summary>
    private sealed class Course(CredentialTest owner, TestRun run, ITestBrowser browser, CancellationToken cancellation)
    {
        /// <summary>A token of FCM has about 160 characters; what is longer than its own limit comes from elsewhere.</summary>
        private const int MaxTokenLength = 4096;

        private readonly WebAppValues values = run.Values.Trim();
        private readonly string nonce = NewNonce();
        private string token = "";

        public TestRun Run => run;

        /// <summary>The credentials that are tested, once they are known.</summary>
        public OpenedCredential? Opened { get; private set; }

        public IEnumerable<(TestStep Step, Func<Task<Taken>> Take)> Steps =>
        [
            (TestStep.Fields, () => Task.FromResult(CheckFields())),
            (TestStep.ServerCheck, CheckServerAsync),
            (TestStep.Support, () => AskAsync(TestStep.Support, browser.SupportAsync(cancellation), _ => "This browser can receive web pushes on this page.")),
            (TestStep.Permission, () => AskAsync(TestStep.Permission, browser.PermissionAsync(cancellation), _ => "Notifications are allowed.")),
            (TestStep.Worker, () => AskAsync(TestStep.Worker, browser.WorkerAsync(cancellation), _ => "The service worker runs.")),
            (TestStep.Installation, () => AskAsync(
                TestStep.Installation, browser.InstallationAsync(Project, values, cancellation), _ => "Firebase takes App ID and API key.")),
            (TestStep.Subscription, () => AskAsync(
                TestStep.Subscription, browser.SubscriptionAsync(cancellation), _ => "The browser's push service gave an address for this page.")),
            (TestStep.Registration, RegisterAsync),
            (TestStep.Send, SendAsync),
            (TestStep.Arrival, AwaitAsync),
        ];

        public Taken CheckFields()
        {
            if (!run.Enabled)
            {
                return new TestFault("fields.not_enabled", "The box \"Enable this app to deliver push notifications to your browser\" is not ticked.",
                    "Tick it and run the test again: a test of pushes needs a push to this browser.");
            }
            return values.Check() is { } fault ? fault : "App ID, API key and Sender ID have the right form and fit together.";
        }

        private string Project => Opened!.Credential.ProjectName;

        private async Task<Taken> CheckServerAsync()
        {
            var checkedNow = await owner.service.TestAsync(run.Tenant, cancellation);
            var known = await owner.credentials.GetAsync(run.Tenant, cancellation);
            if (known is OpenAnswer.Blocked blocked) return SendFaults.Of(blocked.Outcome, "")!;
            Opened = ((OpenAnswer.Ready)known).Opened;
            if (checkedNow.Fault is { } conflict) return new TestFault(conflict.Problem.Code, conflict.Problem.Title, conflict.Detail);
            if (run.ProjectOfSnippet.Length > 0 && run.ProjectOfSnippet != Project)
            {
                return new TestFault("check.other_project", $"The pasted firebaseConfig is of project {Plain(run.ProjectOfSnippet)}, the stored credentials are of project {Project}.",
                    $"Paste the firebaseConfig of a web app of project {Project}, or store the credentials of the other project.");
            }
            return checkedNow.Value switch
            {
                CheckResult.Passed => $"Google takes the stored credentials of project {Project}.",
                CheckResult.Refused refused => SendFaults.OfCredential(refused.Code, refused.Remedy, Project),
                CheckResult.Undecided undecided => SendFaults.OfCredential(undecided.Code, undecided.Remedy, Project),
                var other => throw new InvalidOperationException(other.GetType().Name),
            };
        }

        private Task<Taken> RegisterAsync() => AskAsync(TestStep.Registration, browser.RegistrationAsync(cancellation), answer =>
        {
            token = answer.Token ?? "";
            return token.Length is > 0 and <= MaxTokenLength
                ? "Firebase gave a registration token."
                : new TestFault("registration.no_token", "Firebase answered without a registration token.", "Refresh the page and retry.");
        });

        private async Task<Taken> SendAsync() =>
            await owner.SendAsync(Opened!, new PushTarget(PushTargetType.Token, token), nonce, cancellation) is { } fault
                ? fault
                : "Firebase has taken a push sent with the stored credentials.";

        private Task<Taken> AwaitAsync() => AskAsync(TestStep.Arrival, browser.ArrivalAsync(nonce, owner.options.TestArrivalTimeout, cancellation), answer =>
            answer.Nonce != nonce ? BrowserFaults.Of(TestStep.Arrival, new BrowserAnswer { Code = "arrival.other" }, Project, run.Host)
            : answer.Visible ? "The push arrived in this tab."
            : answer.Shown ? "The push arrived while this tab was hidden, and the service worker showed a notification."
            : "The push arrived while this tab was hidden. The browser did not let the service worker show the notification: look at the notification settings of the operating system.");

        private async Task<Taken> AskAsync(TestStep step, Task<BrowserAnswer> asked, Func<BrowserAnswer, Taken> found)
        {
            var answer = await asked;
            if (answer.Ok) return found(answer);
            var fault = BrowserFaults.Of(step, answer, Project, run.Host);
            return StandIn.Of(owner.options) is null ? fault : StandIn.Explain(step, fault);
        }

        /// <summary>A name that came out of a pasted text, as it may stand in ours.</summary>
        private static string Plain(string name) => string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':' or '.').Take(64));
    }
}
