using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Ringback.LoadGen.Auditing;

namespace Ringback.LoadGen.Running;

/// <summary>Creates every callback over HTTP, the way an app does.</summary>
internal static class CreatePhase
{
    /// <summary>From 200-0000 on: further up, some exchanges (211, 311 …) belong to no subscriber.</summary>
    private const int NumbersPerArea = 100_000;

    private static readonly int[] areaCodes = [201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228];

    public static async Task<(Phase Phase, IReadOnlyList<KnownCallback> Known)> RunAsync(LoadSite site, LoadOptions options, Progress progress, CancellationToken limit)
    {
        var known = new ConcurrentBag<KnownCallback>();
        var next = -1;
        var before = await Usage.TakeAsync(site);
        progress.Show(() => $"creating: {known.Count} of {options.Callbacks}");
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(async _ =>
        {
            while (!limit.IsCancellationRequested && Interlocked.Increment(ref next) is var mine && mine < options.Callbacks) known.Add(await CreateAsync(site.App, options.FirstCallback + mine, options.FirstQueue + (mine % options.Queues)));
        }));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (new Phase("creates", known.Count, seconds, (await Usage.TakeAsync(site)).Since(before)), [.. known]);
    }

    private static async Task<KnownCallback> CreateAsync(HttpClient app, int number, int queue)
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"bench-token-{number:000000000000}:APA91bF-as-long-as-a-registration-token-usually-is-which-is-about-one-hundred-and-fifty-characters-or-a-few-more-than-that-{number:00000000}");
        var body = new
        {
            serviceName = LoadSite.QueueName(queue),
            phoneNumber = string.Create(CultureInfo.InvariantCulture, $"+1{areaCodes[number / NumbersPerArea]}{2_000_000 + (number % NumbersPerArea)}"),
            pushTargets = new[] { new { channel = "FCM", target = token } },
        };
        using var response = await app.PostAsJsonAsync("engagement/v3/callbacks/create", body);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"A create was answered with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return new KnownCallback(answer.GetProperty("data").GetProperty("id").GetGuid(), token, queue);
    }
}
