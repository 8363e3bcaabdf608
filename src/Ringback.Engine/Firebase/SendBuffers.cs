namespace Ringback.Engine.Firebase;

/// <summary>The memory that HTTP/2 sends from.</summary>
public static class SendBuffers
{
    private const string setting = "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION";

    /// <summary>
    /// Lets the shared pool of arrays keep 512 of each size instead of 32: with a hundred sends in flight the handler otherwise allocates 30 KB of garbage a message, which
    /// costs a quarter of the CPU. The runtime reads this from the environment alone, at the first use of the pool; so it comes first in <c>Main</c>. What the
    /// administrator has set stays.
    /// </summary>
    public static void Enlarge()
    {
        if (Environment.GetEnvironmentVariable(setting) is null) Environment.SetEnvironmentVariable(setting, "512");
    }
}
