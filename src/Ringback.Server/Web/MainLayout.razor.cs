using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;

namespace Ringback.Server.Web;

/// <summary>App bar, menu and theme around every page.</summary>
public sealed partial class MainLayout : IDisposable
{
    private static readonly MudTheme theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0b5c6b",
            Secondary = "#8a4b00",
            AppbarBackground = "#0b4752",
            Background = "#f5f7f8",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#1c2427",
            DrawerIcon = "#4b585d",
            TextPrimary = "#1c2427",
            TextSecondary = "#4b585d",
            Success = "#1b6e35",
            Warning = "#8f4e00",
            Error = "#b3261e",
            Info = "#0b5394",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#6fd0e0",
            PrimaryContrastText = "#06262c",
            Secondary = "#f0b36b",
            AppbarBackground = "#10262b",
            Background = "#12191b",
            Surface = "#1b2427",
            DrawerBackground = "#161f22",
            DrawerText = "#e8eef0",
            DrawerIcon = "#b3c0c4",
            AppbarText = "#e8eef0",
            TextPrimary = "#e8eef0",
            TextSecondary = "#b3c0c4",
            Success = "#7fd79a",
            Warning = "#f0b36b",
            Error = "#ff9b93",
            Info = "#8fc4ff",
            SuccessContrastText = "#0c2413",
            WarningContrastText = "#2b1900",
            ErrorContrastText = "#3a0a07",
            InfoContrastText = "#06213f",
        },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "sans-serif"] } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px" },
    };

    private MudThemeProvider themeProvider = null!;
    private ErrorBoundary? boundary;
    private bool ready;
    private bool menuOpen;
    private bool systemIsDark;
    private string choice = "system";

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IJSRuntime Script { get; set; } = null!;

    private bool IsDark => choice == "dark" || (choice == "system" && systemIsDark);

    private string ThemeIcon => choice switch
    {
        "dark" => Icons.Material.Filled.DarkMode,
        "light" => Icons.Material.Filled.LightMode,
        _ => Icons.Material.Filled.BrightnessAuto,
    };

    private string ThemeLabel => choice switch
    {
        "dark" => "Colours: dark. Switch to the system's",
        "light" => "Colours: light. Switch to dark",
        _ => "Colours: the system's. Switch to light",
    };

    /// <inheritdoc/>
    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    /// <inheritdoc/>
    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        choice = await Script.InvokeAsync<string>("ringback.theme");
        // On a narrow screen the menu would cover the page.
        menuOpen = await Script.InvokeAsync<bool>("ringback.isWide");
        systemIsDark = await themeProvider.GetSystemDarkModeAsync();
        await themeProvider.WatchSystemDarkModeAsync(dark =>
        {
            systemIsDark = dark;
            return InvokeAsync(StateHasChanged);
        });
        // Shown only now: what is painted first has the right colours already.
        ready = true;
        StateHasChanged();
    }

    private async Task SwitchThemeAsync()
    {
        choice = choice switch { "system" => "light", "light" => "dark", _ => "system" };
        await Script.InvokeVoidAsync("ringback.setTheme", choice);
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) => InvokeAsync(() => boundary?.Recover());
}
