using System.Globalization;
using Ringback.Engine.Queues;

namespace Ringback.Server.Queues.Admin;

/// <summary>A few settings as the table shows them.</summary>
internal sealed record QueueSettingsText(string Type, string EwtMode, string Threshold, string Hours)
{
    public static QueueSettingsText Of(QueueSettings settings)
    {
        var texts = SettingsSheet.Texts(settings);
        return new QueueSettingsText(
            texts["type"], texts["ewtMode"],
            settings.PushNotificationThresholdMinutes == 0 ? "off" : string.Create(CultureInfo.InvariantCulture, $"{settings.PushNotificationThresholdMinutes} min"),
            settings.BusinessHours?.TimeZone ?? "always open");
    }
}

/// <summary>A change of one setting in words.</summary>
internal static class ChangeText
{
    private const int MostCharacters = 120;

    public static string Of(SettingChange change) => $"{change.Field}: {Value(change.From)} → {Value(change.To)}";

    private static string Value(System.Text.Json.JsonElement? value)
    {
        var text = value?.ToString() ?? "default";
        return text.Length <= MostCharacters ? text : text[..(MostCharacters - 1)] + "…";
    }
}
