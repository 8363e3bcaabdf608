using Ringback.Engine.Firebase;

namespace Ringback.Server.Firebase.Api;

/// <summary>What a check answers, over the API and on the command line.</summary>
/// <param name="Result"><c>passed</c>, <c>refused</c> or <c>undecided</c>.</param>
/// <param name="Code">Which fault it is; absent where there is none.</param>
/// <param name="Detail">What is wrong and what to do.</param>
/// <param name="SkewSeconds">Seconds that the clock of this machine is behind Google's (negative: ahead), where that was noticed.</param>
/// <param name="Link">Page of Google's console on which it is mended.</param>
/// <param name="Role">The role that the account lacks.</param>
internal sealed record CheckAnswer(string Result, string? Code, string? Detail, long? SkewSeconds, string? Link, string? Role)
{
    /// <summary>The answer to a result of credentials for <paramref name="project"/>.</summary>
    public static CheckAnswer Of(CheckResult result, string project) => result switch
    {
        CheckResult.Passed { SkewSeconds: 0 } => new CheckAnswer("passed", null, null, null, null, null),
        CheckResult.Passed passed => new CheckAnswer("passed", CredentialFaults.ClockSkew, passed.At(default).Detail, passed.SkewSeconds, null, null),
        CheckResult.Refused refused => new CheckAnswer(
            "refused", refused.Code, refused.Remedy, refused.SkewSeconds == 0 ? null : refused.SkewSeconds, CredentialFaults.LinkOf(refused.Code, project), CredentialFaults.RoleOf(refused.Code)),
        CheckResult.Undecided undecided => new CheckAnswer("undecided", undecided.Code, undecided.Remedy, null, null, null),
        _ => throw new InvalidOperationException("CheckResult is closed."),
    };
}
