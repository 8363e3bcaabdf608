using System.Net.Http.Json;
using System.Text.Json;

namespace Ringback.LoadGen.Soaking;

/// <summary>One kind of fault.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Share">Of all sends.</param>
/// <param name="Rule">As the emulator's <c>/faults/rules</c> takes it, without share and seed.</param>
/// <param name="Takes">Whether the emulator takes the message and the sender never hears of it: the sender must send it again.</param>
internal sealed record SoakFault(string Name, double Share, Dictionary<string, object> Rule, bool Takes = false);

/// <summary>How often a fault struck.</summary>
internal sealed record Struck(string Name, double Share, bool Takes, long Times);

/// <summary>
/// The faults of a soak: five sends in a hundred meet one. All pass: none says that a target, a message or a key is bad, so each push that meets one must arrive all the same.
/// </summary>
internal sealed class SoakFaults(Uri emulator) : IDisposable
{
    private static readonly SoakFault[] faults =
    [
        new("503 UNAVAILABLE", 0.012, Error("UNAVAILABLE")),
        new("429 with Retry-After", 0.006, new(Error("QUOTA_EXCEEDED")) { ["retryAfterSeconds"] = 15 }),
        new("429 without", 0.002, Error("QUOTA_EXCEEDED")),
        new("500 INTERNAL", 0.010, Error("INTERNAL")),
        new("502, a proxy's HTML", 0.008, Effect("html502")),
        new("reset", 0.002, Effect("reset")),
        new("reset, message taken", 0.002, new(Effect("reset")) { ["acceptFirst"] = true }, Takes: true),
        new("no answer", 0.001, Effect("hang")),
        new("no answer, message taken", 0.001, new(Effect("hang")) { ["acceptFirst"] = true }, Takes: true),
        new("answer after 2 s", 0.006, new(Effect("latency")) { ["latencyMs"] = 2_000 }),
    ];

    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = emulator };
    private readonly List<(SoakFault Fault, string Id)> inForce = [];
    private Dictionary<string, JsonElement> last = [];

    /// <summary>Part of all sends that meets a fault, as planned.</summary>
    public static double Share => faults.Sum(f => f.Share);

    public async Task BeginAsync(int seed)
    {
        foreach (var (number, fault) in faults.Index())
        {
            // A rule sees only what the rules before it have left: its share is that of the rest.
            var rest = 1 - faults[..number].Sum(f => f.Share);
            var rule = new Dictionary<string, object>(fault.Rule) { ["share"] = fault.Share / rest, ["seed"] = seed + number };
            using var answer = await http.PostAsJsonAsync("faults/rules", rule);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The emulator did not take a fault: {await answer.Content.ReadAsStringAsync()}");
            inForce.Add((fault, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!));
        }
    }

    /// <summary>Notes how often each struck, and ends them all.</summary>
    public async Task EndAsync()
    {
        var rules = await http.GetFromJsonAsync<JsonElement>("faults/rules");
        last = rules.GetProperty("rules").EnumerateArray().ToDictionary(r => r.GetProperty("id").GetString()!);
        using var answer = await http.DeleteAsync(new Uri("faults/rules", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>How often each struck, once they have ended.</summary>
    public IReadOnlyList<Struck> Struck => [.. inForce.Select(f => new Struck(f.Fault.Name, f.Fault.Share, f.Fault.Takes, last[f.Id].GetProperty("struck").GetInt64()))];

    /// <summary>Sends while they were in force.</summary>
    public long Sends => inForce.Count == 0 ? 0 : last[inForce[0].Id].GetProperty("fitted").GetInt64();

    public void Dispose() => http.Dispose();

    private static Dictionary<string, object> Effect(string name) => new() { ["effect"] = name };

    private static Dictionary<string, object> Error(string name) => new(Effect("error")) { ["error"] = name };
}
