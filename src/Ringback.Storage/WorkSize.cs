namespace Ringback.Storage;

/// <summary>What work may keep other work waiting for. Small work, one callback's or one agent's, is what somebody waits for; large work is a flood's.</summary>
internal static class WorkSize
{
    /// <summary>Work with more rows is large. Some milliseconds of a database's time: what a request with ten push targets writes is well below.</summary>
    public const int MostSmall = 100;

    /// <summary>Rows in one commit of large work, unless one piece has more.</summary>
    public const int MostTogether = 500;
}
