namespace Ringback.Engine.Firebase;

/// <summary>
/// The words for everything that can go wrong in the browser: for each code what is wrong and what to do about it. Codes are stable: they are stored with the last test.
/// </summary>
public static class BrowserFaults
{
    private const string Console = "the Firebase console (Project settings > General > Your apps, and Cloud Messaging)";
    private const string Retry = "Reload this page and retry; if it fails again, try another browser.";

    /// <summary>Every code that the page's script may report, with its words.</summary>
    private static readonly Dictionary<string, (string Reason, string Remedy)> byCode = new(StringComparer.Ordinal)
    {
        ["support.insecure"] = ("Browsers give pushes only to secure pages, and this one came over http:// from another machine.",
            "Open the page over https://, or as http://localhost on the machine that Ringback runs on."),
        ["support.service_worker"] = ("This browser has no service workers here. Private windows and some company policies take them away.",
            "Use an ordinary window of a current Firefox, Chrome, Edge or Safari and retry."),
        ["support.push"] = ("This browser cannot receive web pushes here.",
            "Use an ordinary window of a current Firefox, Chrome, Edge or Safari. On an iPhone or iPad, web pushes exist only for pages on the home screen."),
        ["support.notification"] = ("This browser shows no notifications on this page.",
            "Use an ordinary window of a current Firefox, Chrome, Edge or Safari and retry."),
        ["permission.dismissed"] = ("The question whether this page may show notifications was closed without an answer.",
            "Press Run the test again and answer with Allow."),
        ["permission.unanswered"] = ("The question whether this page may show notifications was not answered. Some browsers show it only as a small bell in the address bar.",
            "Press Run the test again, look for the bell or the question at the address bar, and answer with Allow."),
        ["worker.refused"] = ("The browser did not take the service worker of the test (/push-test/worker.js).",
            "Allow this site to store data (cookies), switch off extensions that block scripts for it, make sure that no proxy withholds /push-test/worker.js, and retry."),
        ["worker.stuck"] = ("The service worker of the test did not start within 10 seconds.", "Close other tabs of this site, reload this page and retry."),
        ["subscription.not_allowed"] = ("The browser refuses a push subscription although notifications are allowed.",
            "Look at the notification settings of the browser and of the operating system for this site, allow them, and retry."),
        ["subscription.push_service"] = ("The browser could not reach its push service, or that refused it.",
            "Check that this machine reaches the internet and that no firewall or setting blocks the browser's push service (Chrome: mtalk.google.com port 5228; Firefox: push.services.mozilla.com). Brave needs \"Use Google services for push messaging\". Then refresh the page and retry."),
        ["subscription.key"] = ("The browser does not take the web push key.",
            "Compare the web push key with Cloud Messaging > Web Push certificates in the Firebase console, or leave the field empty, and retry."),
        ["subscription.timeout"] = ("The browser's push service gave no answer within 20 seconds.", "Refresh the page and retry. A browser that was just started may need a minute."),
        ["arrival.timeout"] = ("Firebase has taken the push, but it has not arrived in this browser in time.",
            "Refresh the page and retry. If it fails again: look whether the operating system or the browser holds notifications back (do not disturb, battery saving), whether a proxy ends the browser's connection to its push service, and whether the push arrives in another browser."),
        ["arrival.other"] = ("A push arrived, but not the one of this test.", "Close other tabs in which a test runs, and retry."),
        ["browser.script"] = ("The script of this page failed.", Retry),
        ["browser.silent"] = ("The browser gave no answer in time.", Retry),
    };

    /// <summary>The codes with fixed words; for tests and docs.</summary>
    public static IReadOnlyCollection<string> Codes => byCode.Keys;

    /// <summary>The fault of a step that did not pass.</summary>
    /// <param name="step">The step.</param>
    /// <param name="answer">What the browser reported.</param>
    /// <param name="project">The project of the credentials.</param>
    /// <param name="host">The host of this page, to name it in a remedy.</param>
    public static TestFault Of(TestStep step, BrowserAnswer answer, string project, string host) => answer switch
    {
        { Code: "permission.denied" } => Denied(answer.Browser, host),
        { Code: "network" } => Network(step),
        { Code: "refused" } => Refused(step, answer, project, host),
        { Code: { } code } when byCode.TryGetValue(code, out var words) => new TestFault(code, words.Reason, words.Remedy),
        _ => new TestFault("browser.script", byCode["browser.script"].Reason, Retry),
    };

    private static TestFault Denied(string? browser, string host) => new(
        "permission.denied",
        $"Notifications of {host} are blocked in this browser.",
        $"Allow notifications for {host}: " + browser switch
        {
            "firefox" => "click the crossed-out speech bubble or the lock left of the address, or open Settings > Privacy & Security > Permissions > Notifications, and remove the block.",
            "edge" => "click the lock left of the address > Permissions for this site > Notifications > Allow.",
            "safari" => "open Safari > Settings > Websites > Notifications and set this site to Allow.",
            _ => "click the icon left of the address > Site settings > Notifications > Allow.",
        } + " Then reload this page and retry.");

    private static TestFault Network(TestStep step) => new(
        $"{Name(step)}.network",
        $"The browser could not reach {Host(step)}.",
        $"Check the internet connection of this browser, and that no ad blocker, privacy extension, firewall or proxy blocks {Host(step)}. Then refresh the page and retry.");

    /// <summary>Google's reasons: https://cloud.google.com/apis/design/errors and its error_reason.proto.</summary>
    private static TestFault Refused(TestStep step, BrowserAnswer answer, string project, string host)
    {
        var name = Name(step);
        var api = step == TestStep.Installation ? "Firebase Installations API" : "FCM Registration API";
        var service = step == TestStep.Installation ? "firebaseinstallations.googleapis.com" : "fcmregistrations.googleapis.com";
        var keys = $"https://console.cloud.google.com/apis/credentials?project={Uri.EscapeDataString(project)}";
        return (answer.Reason, answer.Status) switch
        {
            ("API_KEY_INVALID", _) => new($"{name}.api_key_invalid", "Firebase does not know this API key, or it has expired.",
                $"Copy the API key anew from {Console}, compare App ID and Sender ID as well, and retry."),
            ("API_KEY_HTTP_REFERRER_BLOCKED", _) => new($"{name}.api_key_referrer", $"The API key is restricted to web sites, and {host} is not one of them.",
                $"In the Google Cloud console under APIs & Services > Credentials, open the key and add {host} to its website restrictions. It takes up to five minutes; then retry.")
            { Link = keys },
            ("API_KEY_SERVICE_BLOCKED", _) => new($"{name}.api_key_service", $"The API key is restricted to certain APIs, and the {api} is not one of them.",
                $"In the Google Cloud console under APIs & Services > Credentials, open the key and add \"{api}\" to its API restrictions. It takes up to five minutes; then retry.")
            { Link = keys },
            ("API_KEY_IP_ADDRESS_BLOCKED" or "API_KEY_ANDROID_APP_BLOCKED" or "API_KEY_IOS_APP_BLOCKED", _) => new($"{name}.api_key_platform",
                "The API key is restricted to another platform than browsers.",
                "Use the API key of the web app (often called \"Browser key\"), or change the key's application restrictions in the Google Cloud console.")
            { Link = keys },
            ("SERVICE_DISABLED", _) => new($"{name}.api_disabled", $"The {api} is off in the project of the API key.",
                "Enable it in the Google Cloud console, wait a few minutes and retry.")
            {
                Link = $"https://console.cloud.google.com/apis/library/{service}?project={Uri.EscapeDataString(project)}",
            },
            (_, 401) => new($"{name}.unauthenticated", "Firebase does not take the installation that it has just made.", "Check the clock of this machine, refresh the page and retry."),
            (_, 403 or 404) => new($"{name}.wrong_project", $"Firebase does not take these values for project {project}, the project of the stored credentials. They may belong to another project.",
                $"Check App ID, API key and Sender ID against {Console} of project {project}; or store the credentials of the project that the values belong to. Review and retry."),
            (_, 429) => new($"{name}.throttled", "Firebase answers that there are too many requests.", "Wait a minute and retry."),
            (_, >= 500) => new($"{name}.unavailable", "Firebase is not available at present.", "Wait a minute, refresh the page and retry. https://status.firebase.google.com tells of outages."),
            (_, 400) when step == TestStep.Registration => new($"{name}.invalid", "Firebase does not take the subscription of this browser.",
                $"Compare the web push key with Cloud Messaging > Web Push certificates in {Console}, or leave the field empty. Refresh the page and retry."),
            _ => new($"{name}.invalid", "Firebase does not take these values.", $"Check App ID, API key and Sender ID against {Console}. Review and retry."),
        };
    }

    private static string Name(TestStep step) => step == TestStep.Installation ? "installation" : "registration";

    private static string Host(TestStep step) => step == TestStep.Installation ? "Firebase's installations service" : "Firebase's registrations service";
}
