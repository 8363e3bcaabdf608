using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ringback.Measuring;

namespace Ringback.LoadGen.Senders;

/// <summary>
/// Row <i>Emulator</i>: what the emulator spends on a send that it checks, accepts and puts into its inbox, without a data file, against a bare endpoint that reads
/// the same body and answers the same; CPU of their processes.
/// </summary>
internal static class EmulatorRow
{
    private const string Project = "bench";
    private const int InFlight = 100;
    public static async Task<int> RunAsync(int messages, int pairs, string? results)
    {
        var started = Stopwatch.GetTimestamp();
        await using var emulator = ChildProgram.Start("Ringback.FcmEmulator/fcm-emulator.dll", ["--port", "0", "--any-account", "--quota", "0", "--end-with-stdin"]);
        var address = new Uri((await emulator.ReadyLineAsync()).Split(' ').First(word => word.StartsWith("http://", StringComparison.Ordinal)));
        var startMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await using var bare = ChildProgram.Start("Ringback.LoadGen/Ringback.LoadGen.dll", ["receive", "--forget"]);
        var bareAddress = new Uri((await bare.ReadyLineAsync()).Split(' ')[^1]);
        var bearer = await TokenAsync(address);
        await using var toEmulator = new TunedSender(new Uri(address, $"v1/projects/{Project}/messages:send"), bearer);
        await using var toBare = new TunedSender(new Uri(bareAddress, $"v1/projects/{Project}/messages:send"), bearer);
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var pair = -1; pair < pairs; pair++)
        {
            // Round −1 warms up, and is as long as the others.
            var (mine, peers) = (await CpuEachAsync(toEmulator, emulator, messages), await CpuEachAsync(toBare, bare, messages));
            Console.WriteLine(Text($"{(pair < 0 ? "warm-up" : Text($"pair {pair + 1} of {pairs}"))}: emulator {mine:0.0} µs CPU a send, bare endpoint {peers:0.0}"));
            if (pair < 0) continue;
            ours.Add(mine);
            theirs.Add(peers);
        }
        var ratio = Figures.Median(theirs) / Figures.Median(ours);
        Console.WriteLine(Text($"emulator {1e6 / Figures.Median(ours):0} sends a CPU second, bare endpoint {1e6 / Figures.Median(theirs):0}; ratio {ratio:0.00}, goal ≥ 0.5; ready {startMs:0} ms after its start"));
        if (results is not null)
        {
            ResultFile.Write(results, "emulator", "Emulator without inbox file, sends per CPU second, plain HTTP/2, 100 in flight", new
            {
                emulatorMicroseconds = ours,
                bareMicroseconds = theirs,
                ratio,
                goal = "at least 0.5",
                startMilliseconds = startMs,
            });
        }
        return 0;
    }

    private static async Task<double> CpuEachAsync(TunedSender sender, ChildProgram receiver, int messages)
    {
        var (before, next) = (receiver.Cpu, 0);
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var mine && mine <= messages) await sender.SendAsync(SenderRow.Message(mine), SenderRow.Target(mine));
        })));
        return (receiver.Cpu - before).TotalMicroseconds / messages;
    }

    /// <summary>An access token as Google's endpoint gives one: for an assertion, here of an account that nobody knows.</summary>
    private static async Task<string> TokenAsync(Uri emulator)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new { iss = $"bench@{Project}.iam.gserviceaccount.com", scope = "https://www.googleapis.com/auth/firebase.messaging", aud = "https://oauth2.googleapis.com/token", iat = now, exp = now + 3_600 };
        var unsigned = $"{Encoded("""{"alg":"RS256","typ":"JWT"}"""u8)}.{Encoded(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var assertion = $"{unsigned}.{Encoded(key.SignData(Encoding.ASCII.GetBytes(unsigned), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        using var http = new HttpClient();
        using var form = new FormUrlEncodedContent([new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", assertion)]);
        using var answer = await http.PostAsync(new Uri(emulator, "token"), form);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private static string Encoded(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
