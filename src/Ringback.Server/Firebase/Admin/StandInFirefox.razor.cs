using Microsoft.AspNetCore.Components;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Firebase.Admin;

/// <summary>The commands that start a Firefox which pushes through a stand-in reach, for the machine of whoever looks.</summary>
public sealed partial class StandInFirefox
{
    /// <summary>The stand-in.</summary>
    [Parameter, EditorRequired]
    public StandIn StandIn { get; set; } = null!;

    /// <summary>Address of the page that such a Firefox is to open.</summary>
    [Parameter, EditorRequired]
    public string Page { get; set; } = "";

    /// <summary>Whether it is shown unfolded.</summary>
    [Parameter]
    public bool Open { get; set; }

    private string Commands => string.Join('\n',
    [
        "PROFILE=$(mktemp -d)",
        "cat > \"$PROFILE/user.js\" <<'PREFERENCES'",
        .. StandIn.FirefoxPreferences,
        "PREFERENCES",
        // The page's address without what a visitor may have put behind it: nobody but us writes a part of a command.
        $"firefox --profile \"$PROFILE\" --no-remote {new Uri(Page).GetLeftPart(UriPartial.Path)}",
    ]);
}
