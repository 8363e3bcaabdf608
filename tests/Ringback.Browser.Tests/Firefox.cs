using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ringback.Browser.Tests;

/// <summary>A headless Firefox with a profile of its own that finds the emulator where Google's hosts and Mozilla's push service are.</summary>
internal sealed partial class Firefox : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _profile;

    private Firefox(Process process, DirectoryInfo profile, BidiClient page)
    {
        _process = process;
        _profile = profile;
        Page = page;
    }

    public BidiClient Page { get; }

    /// <param name="emulator">Where its push service is.</param>
    /// <param name="emulatorTls">What answers in place of Google's hosts; null where the page calls the emulator by its own address.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="others">Preferences that a test needs beside the usual ones, or instead of them.</param>
    public static async Task<Firefox> StartAsync(Uri emulator, Uri? emulatorTls, CancellationToken cancellation, params (string Name, object Value)[] others)
    {
        var profile = Directory.CreateTempSubdirectory("ringback-firefox-");
        await File.WriteAllLinesAsync(Path.Combine(profile.FullName, "user.js"), Preferences(emulator, emulatorTls, others), cancellation);
        var process = Process.Start(new ProcessStartInfo("firefox-esr", ["--headless", "--no-remote", "--profile", profile.FullName, "--remote-debugging-port", "0"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment = { ["MOZ_HEADLESS"] = "1", ["HOME"] = profile.FullName },
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        while (await process.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                // Nobody reads on by hand; an unread pipe would stop the browser once it is full.
                _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
                return new Firefox(process, profile, await BidiClient.ConnectAsync(new Uri(match.Groups[1].Value), cancellation));
            }
        }
        throw new InvalidOperationException("Firefox ended before it could be driven.");
    }

    public async ValueTask DisposeAsync()
    {
        Page.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Delete(recursive: true);
    }

    private static IEnumerable<string> Preferences(Uri emulator, Uri? emulatorTls, (string Name, object Value)[] others)
    {
        var preferences = new Dictionary<string, object>
        {
            ["dom.push.serverURL"] = $"ws://{emulator.Authority}/push",
            ["dom.push.testing.allowInsecureServerURL"] = true,
            ["dom.push.connection.enabled"] = true,
            ["dom.push.retryBaseInterval"] = 1000,
            // 1 is "allow": nobody is there to press the button.
            ["permissions.default.desktop-notification"] = 1,
            // Without it showNotification fails where there is no D-Bus.
            ["alerts.useSystemBackend"] = false,
            // A new profile otherwise looks for updates, studies and add-ons while the test runs.
            ["app.normandy.enabled"] = false,
            ["browser.shell.checkDefaultBrowser"] = false,
            ["datareporting.policy.dataSubmissionEnabled"] = false,
            ["extensions.update.enabled"] = false,
            ["toolkit.telemetry.reportingpolicy.firstRun"] = false,
        };
        if (emulatorTls is not null)
        {
            // The SDK has no setting for these hosts: they resolve to this machine and their port is the emulator's.
            preferences["network.dns.localDomains"] = "firebaseinstallations.googleapis.com,fcmregistrations.googleapis.com";
            preferences["network.socket.forcePort"] = string.Create(CultureInfo.InvariantCulture, $"443={emulatorTls.Port}");
        }
        foreach (var (name, value) in others) preferences[name] = value;
        return preferences.Select(pair => $"user_pref(\"{pair.Key}\", {System.Text.Json.JsonSerializer.Serialize(pair.Value)});");
    }

    [GeneratedRegex("WebDriver BiDi listening on (ws://[0-9.:]+)")]
    private static partial Regex Listening();
}
