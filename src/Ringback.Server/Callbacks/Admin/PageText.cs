using System.Globalization;
using Ringback.Engine.Callbacks;

namespace Ringback.Server.Callbacks.Admin;

/// <summary>How figures of callbacks are written for people.</summary>
internal static class PageText
{
    public static string StateName(CallbackState state) => state.ToString().ToUpperInvariant();

    public static string StateClass(CallbackRecord callback) => callback.State switch
    {
        CallbackState.Scheduled or CallbackState.Queued => "wait",
        CallbackState.Routing or CallbackState.Processing => "run",
        _ => callback.Reason == CompletionReason.Connected ? "done" : "off",
    };

    /// <summary>As the wire writes it: MAX_WAIT.</summary>
    public static string ReasonName(CompletionReason reason) => System.Text.Json.JsonSerializer.Serialize(reason).Trim('"');

    public static string Wait(int? seconds) => seconds switch
    {
        null => "–",
        < 0 => "unknown",
        < 60 => $"{seconds} s",
        < 3600 => seconds % 60 == 0 ? $"{seconds / 60} min" : $"{seconds / 60} min {seconds % 60} s",
        _ => $"{seconds / 3600} h {seconds % 3600 / 60} min",
    };

    public static string Time(DateTimeOffset? at) => at is { } instant ? instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC" : "–";

    public static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
