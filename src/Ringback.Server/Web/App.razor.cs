using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;

namespace Ringback.Server.Web;

/// <summary>The root of the pages.</summary>
public sealed partial class App
{
    /// <summary>Not rendered beforehand: a page would be worked out twice, and always in light colours, since only the browser knows what the system shows.</summary>
    private static readonly InteractiveServerRenderMode interactive = new(prerender: false);

    [CascadingParameter]
    private HttpContext Http { get; set; } = null!;

    private InteractiveServerRenderMode? Mode => Http.AcceptsInteractiveRouting() ? interactive : null;
}
