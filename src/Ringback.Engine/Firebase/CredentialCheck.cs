using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>What the check of credentials found: a closed set.</summary>
public abstract record CheckResult
{
    private CheckResult()
    {
    }

    /// <summary>Key, clock, account, API, role and project are right.</summary>
    public sealed record Passed : CheckResult;

    /// <summary>Firebase does not take the credentials.</summary>
    /// <param name="Code">One of <see cref="CredentialFaults"/>.</param>
    /// <param name="Remedy">What is wrong and what to do.</param>
    public sealed record Refused(string Code, string Remedy) : CheckResult;

    /// <summary>No decisive answer came.</summary>
    /// <param name="Code">The kind of failure.</param>
    /// <param name="Remedy">What to do about it.</param>
    public sealed record Undecided(string Code, string Remedy) : CheckResult;

    /// <summary>The result as it is stored with the version that was checked.</summary>
    public LastCheck At(DateTimeOffset at) => this switch
    {
        Passed => new LastCheck(at, CheckVerdict.Passed, "Firebase takes the credentials."),
        Refused refused => new LastCheck(at, CheckVerdict.Refused, refused.Remedy),
        Undecided undecided => new LastCheck(at, CheckVerdict.Undecided, undecided.Remedy),
        _ => throw new InvalidOperationException(GetType().Name),
    };
}

/// <summary>
/// Checks credentials without a browser or a device (A8): an access token, then a dry run to a topic. It proves key, clock, account, API, role and project; whether
/// Apple's or a browser's push service takes the push is beyond it.
/// </summary>
internal sealed class CredentialCheck(FcmSender sender)
{
    public async Task<CheckResult> RunAsync(FirebaseCredential credential, CancellationToken cancellation) =>
        Judge(await sender.CheckAsync(credential, cancellation), credential);

    internal static CheckResult Judge(SendOutcome outcome, FirebaseCredential credential) => outcome switch
    {
        SendOutcome.Accepted => new CheckResult.Passed(),
        // Firebase looks at the target only after it has taken token, API, role and project.
        SendOutcome.TargetSuspect or SendOutcome.TargetDead => new CheckResult.Passed(),
        SendOutcome.CredentialFault { Code: CredentialFaults.RoleMissing } fault when FirebaseCredential.IsOfAnotherProject(credential.ProjectName, credential.ClientEmail.Reveal()) =>
            new CheckResult.Refused(fault.Code, fault.Remedy + " The client email names another project than the project name."),
        SendOutcome.CredentialFault fault => new CheckResult.Refused(fault.Code, fault.Remedy),
        SendOutcome.Unavailable down => new CheckResult.Undecided(down.Code, $"Firebase could not be reached or is down ({down.Code}). Check name resolution, firewall and proxy of this machine, and try again."),
        SendOutcome.Throttled throttled => new CheckResult.Undecided(throttled.Code, "Firebase throttles this project at present. Try again in a minute."),
        SendOutcome.TargetForeign foreign => new CheckResult.Undecided(foreign.Code, "Firebase took the credentials but not the dry run. Try again."),
        SendOutcome.Rejected rejected => new CheckResult.Undecided(rejected.Code, $"The dry run was not taken. {rejected.Reason}"),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };
}
