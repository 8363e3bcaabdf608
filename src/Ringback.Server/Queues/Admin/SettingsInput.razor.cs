using Microsoft.AspNetCore.Components;
using Ringback.Engine.Queues;

namespace Ringback.Server.Queues.Admin;

/// <summary>One setting with its label, its rule, and what is wrong with it.</summary>
public sealed partial class SettingsInput
{
    /// <summary>The setting.</summary>
    [Parameter, EditorRequired]
    public SettingsField Field { get; set; } = null!;

    /// <summary>Its text as it stands.</summary>
    [Parameter]
    public string Value { get; set; } = "";

    /// <summary>Takes a changed text.</summary>
    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    /// <summary>The text of its default; empty where it has none.</summary>
    [Parameter]
    public string Default { get; set; } = "";

    /// <summary>What is wrong with it, or null.</summary>
    [Parameter]
    public string? Mistake { get; set; }

    /// <summary>Whether it is only shown.</summary>
    [Parameter]
    public bool ReadOnly { get; set; }

    private string Id => IdOf(Field.Name);

    private string HelpId => $"{Id}-help";

    private string Invalid => Mistake is null ? "false" : "true";

    private string Help => Field.Kind switch
    {
        SettingsFieldKind.Number when Default.Length > 0 => $"{Upper(Field.Allowed)}; default {Default}",
        SettingsFieldKind.Text when Default.Length > 0 => Upper(Field.Allowed),
        SettingsFieldKind.Number or SettingsFieldKind.Text => $"{Upper(Field.Allowed)}, or empty",
        SettingsFieldKind.List => $"{Upper(Field.Allowed)}; with spaces between them",
        SettingsFieldKind.Json => "JSON; empty is always open. See the settings page of the documentation.",
        _ => "",
    };

    internal static string IdOf(string name) => "s-" + name.Replace('.', '-');

    private static string Upper(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private Task ChangeAsync(string? text) => ValueChanged.InvokeAsync(text is "True" or "False" ? text.ToLowerInvariant() : text ?? "");
}
