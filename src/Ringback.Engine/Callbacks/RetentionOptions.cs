using System.ComponentModel.DataAnnotations;

namespace Ringback.Engine.Callbacks;

/// <summary>How long personal data are kept, section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Retention";

    /// <summary>
    /// Days after which phone number, user data and push addresses of a callback that is over are erased; times, states and outcomes stay. 1 to 3650.
    /// </summary>
    [Range(1, 3_650)]
    public int RetentionDays { get; set; } = 30;
}
