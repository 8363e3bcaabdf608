using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ringback.FcmEmulator.Send;

namespace Ringback.FcmEmulator.Faults;

/// <summary>A rule as the control API writes and reads it.</summary>
internal static class FaultRuleJson
{
    private const int MaxWaitMilliseconds = 600_000;
    private const int MaxRetryAfterSeconds = 86_400;
    private const int MaxTextLength = 4096;

    private static readonly string[] Fields =
    [
        "effect", "error", "retryAfterSeconds", "retryAfterAs", "latencyMs", "bodyMs", "acceptFirst",
        "projectId", "token", "tokenPrefix", "share", "seed", "from", "until",
    ];

    public static bool TryRead(JsonElement json, [NotNullWhen(true)] out FaultRule? rule, [NotNullWhen(false)] out string? problem)
    {
        var reader = new Reader(json);
        rule = json.ValueKind == JsonValueKind.Object ? reader.Read() : null;
        problem = rule is null ? "The body must be an object." : reader.Problem;
        return problem is null;
    }

    public static void Write(Utf8JsonWriter json, FaultRules.Standing standing)
    {
        var rule = standing.Rule;
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        WriteEffect(json, rule.Effect);
        Optional(json, "projectId", rule.ProjectId);
        Optional(json, "token", rule.Token);
        Optional(json, "tokenPrefix", rule.TokenPrefix);
        if (rule.Latency > TimeSpan.Zero)
        {
            json.WriteNumber("latencyMs", rule.Latency.TotalMilliseconds);
        }
        if (rule.AcceptFirst)
        {
            json.WriteBoolean("acceptFirst", true);
        }
        if (rule.Share < 1)
        {
            json.WriteNumber("share", rule.Share);
            json.WriteNumber("seed", rule.Seed);
        }
        if (rule.From > DateTimeOffset.MinValue)
        {
            json.WriteString("from", rule.From.UtcDateTime);
        }
        if (rule.Until < DateTimeOffset.MaxValue)
        {
            json.WriteString("until", rule.Until.UtcDateTime);
        }
        json.WriteNumber("fitted", standing.Fitted);
        json.WriteNumber("struck", standing.Struck);
        json.WriteEndObject();
    }

    private static void WriteEffect(Utf8JsonWriter json, FaultEffect effect)
    {
        json.WriteString("effect", effect switch
        {
            FaultEffect.None => "latency",
            FaultEffect.Error => "error",
            FaultEffect.Hang => "hang",
            FaultEffect.Reset => "reset",
            FaultEffect.Html502 => "html502",
            FaultEffect.CorruptPush => "corruptPush",
            FaultEffect.SlowBody => "slowBody",
            _ => throw new InvalidOperationException($"No name for {effect.GetType().Name}"),
        });
        if (effect is FaultEffect.Error error)
        {
            json.WriteString("error", error.Name);
            if (error.RetryAfter is { } wait)
            {
                json.WriteNumber("retryAfterSeconds", wait.Seconds);
                json.WriteString("retryAfterAs", wait.AsDate ? "date" : "seconds");
            }
        }
        else if (effect is FaultEffect.SlowBody slow)
        {
            json.WriteNumber("bodyMs", slow.Over.TotalMilliseconds);
        }
    }

    private static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Reads field by field and keeps the first thing that is wrong.</summary>
    private sealed class Reader(JsonElement json)
    {
        public string? Problem { get; private set; }

        public FaultRule Read()
        {
            foreach (var field in json.EnumerateObject())
            {
                if (!Fields.Contains(field.Name))
                {
                    Problem ??= $"{field.Name} is not a field; there are {string.Join(", ", Fields)}.";
                }
            }
            return new FaultRule
            {
                Id = "",
                Effect = Effect(),
                Latency = TimeSpan.FromMilliseconds(Number("latencyMs", 0, MaxWaitMilliseconds, 0)),
                AcceptFirst = Get("acceptFirst", JsonValueKind.True, JsonValueKind.False)?.GetBoolean() ?? false,
                ProjectId = Text("projectId"),
                Token = Text("token"),
                TokenPrefix = Text("tokenPrefix"),
                Share = Number("share", 0, 1, 1),
                Seed = (int)Number("seed", 0, int.MaxValue, 0),
                From = Instant("from", DateTimeOffset.MinValue),
                Until = Instant("until", DateTimeOffset.MaxValue),
            };
        }

        private FaultEffect Effect()
        {
            var retryAfter = Get("retryAfterSeconds", JsonValueKind.Number) is null ? null
                : new RetryAfter((int)Number("retryAfterSeconds", 0, MaxRetryAfterSeconds, 0), Text("retryAfterAs") == "date");
            var error = Text("error") ?? "";
            switch (Text("effect"))
            {
                case "error" when KnownErrors.Has(error):
                    return new FaultEffect.Error(error, retryAfter);
                case "error":
                    Problem ??= $"error must be one of {string.Join(", ", KnownErrors.Names)}.";
                    return new FaultEffect.None();
                case "latency":
                    return new FaultEffect.None();
                case "hang":
                    return new FaultEffect.Hang();
                case "reset":
                    return new FaultEffect.Reset();
                case "html502":
                    return new FaultEffect.Html502();
                case "corruptPush":
                    return new FaultEffect.CorruptPush();
                case "slowBody":
                    return new FaultEffect.SlowBody(TimeSpan.FromMilliseconds(Number("bodyMs", 1, MaxWaitMilliseconds, 5_000)));
                default:
                    Problem ??= "effect must be one of error, latency, hang, reset, html502, slowBody, corruptPush.";
                    return new FaultEffect.None();
            }
        }

        private JsonElement? Get(string name, params ReadOnlySpan<JsonValueKind> kinds)
        {
            if (!json.TryGetProperty(name, out var value))
            {
                return null;
            }
            if (kinds.Contains(value.ValueKind))
            {
                return value;
            }
            Problem ??= $"{name} has the wrong type.";
            return null;
        }

        private string? Text(string name)
        {
            var text = Get(name, JsonValueKind.String)?.GetString();
            if (text is { Length: 0 or > MaxTextLength })
            {
                Problem ??= $"{name} must have 1 to {MaxTextLength} characters.";
            }
            return text;
        }

        private double Number(string name, double lowest, double highest, double absent)
        {
            if (Get(name, JsonValueKind.Number) is not { } value)
            {
                return absent;
            }
            if (value.TryGetDouble(out var number) && number >= lowest && number <= highest)
            {
                return number;
            }
            Problem ??= FormattableString.Invariant($"{name} must be from {lowest} to {highest}.");
            return absent;
        }

        private DateTimeOffset Instant(string name, DateTimeOffset absent)
        {
            if (Get(name, JsonValueKind.String) is not { } value)
            {
                return absent;
            }
            if (value.TryGetDateTimeOffset(out var instant))
            {
                return instant;
            }
            Problem ??= $"{name} must be an instant such as 2026-11-23T10:15:30Z.";
            return absent;
        }
    }
}
