using Microsoft.Extensions.Options;
using Ringback.Engine.Delivery;

namespace Ringback.Engine.Firebase;

/// <summary>What the check of credentials found: a closed set.</summary>
public abstract record CheckResult
{
    private CheckResult()
    {
    }

    /// <summary>Key, account, API, role and project are right.</summary>
    public sealed record Passed : CheckResult
    {
        /// <summary>Seconds that our clock is behind Google's (negative: ahead) where Google took the request only with the time corrected; else 0.</summary>
        public long SkewSeconds { get; init; }
    }

    /// <summary>Firebase does not take the credentials.</summary>
    /// <param name="Code">One of <see cref="CredentialFaults"/>.</param>
    /// <param name="Remedy">What is wrong and what to do.</param>
    public sealed record Refused(string Code, string Remedy) : CheckResult
    {
        /// <summary>As in <see cref="Passed.SkewSeconds"/>.</summary>
        public long SkewSeconds { get; init; }
    }

    /// <summary>No decisive answer came.</summary>
    /// <param name="Code">The kind of failure.</param>
    /// <param name="Remedy">What to do about it.</param>
    public sealed record Undecided(string Code, string Remedy) : CheckResult;

    /// <summary>The result as it is stored with the version that was checked.</summary>
    public LastCheck At(DateTimeOffset at) => this switch
    {
        Passed { SkewSeconds: 0 } => new LastCheck(at, CheckVerdict.Passed, "Firebase takes the credentials."),
        Passed passed => new LastCheck(at, CheckVerdict.Passed, "Firebase takes the credentials. " + CredentialFaults.Skew(passed.SkewSeconds)) { Code = CredentialFaults.ClockSkew },
        Refused refused => new LastCheck(at, CheckVerdict.Refused, refused.Remedy) { Code = refused.Code },
        Undecided undecided => new LastCheck(at, CheckVerdict.Undecided, undecided.Remedy) { Code = undecided.Code },
        _ => throw new InvalidOperationException(GetType().Name),
    };
}

/// <summary>
/// Checks credentials without a browser or a device (A8): an access token, then a dry run to a topic. It proves key, clock, account, API, role and project; whether
/// Apple's or a browser's push service takes the push is beyond it.
/// </summary>
internal sealed class CredentialCheck(TokenExchange exchange, FcmSender sender, IOptions<FirebaseOptions> options)
{
    public async Task<CheckResult> RunAsync(FirebaseCredential credential, CancellationToken cancellation) =>
        await exchange.FetchAsync(credential, cancellation) switch
        {
            TokenAnswer.Token token => Judge(await sender.DryRunAsync(credential.ProjectName, token, cancellation), credential, options.Value.SendEndpoint, token.SkewSeconds),
            TokenAnswer.Refused refused => new CheckResult.Refused(refused.Fault.Code, refused.Fault.Remedy) { SkewSeconds = refused.SkewSeconds },
            TokenAnswer.Unavailable unavailable => new CheckResult.Undecided(unavailable.Outcome.Code, NetworkFaults.Remedy(unavailable.Outcome.Code, options.Value.TokenEndpoint)),
            var other => throw new InvalidOperationException(other.GetType().Name),
        };

    /// <summary>What the answer to the dry run says of the credentials.</summary>
    internal static CheckResult Judge(SendOutcome outcome, FirebaseCredential credential, Uri endpoint, long skewSeconds) => outcome switch
    {
        SendOutcome.Accepted => new CheckResult.Passed { SkewSeconds = skewSeconds },
        // Firebase looks at the target only after it has taken token, API, role and project.
        SendOutcome.TargetSuspect or SendOutcome.TargetDead => new CheckResult.Passed { SkewSeconds = skewSeconds },
        SendOutcome.CredentialFault { Code: CredentialFaults.RoleMissing } fault when FirebaseCredential.IsOfAnotherProject(credential.ProjectName, credential.ClientEmail.Reveal()) =>
            new CheckResult.Refused(fault.Code, fault.Remedy + " The client email names another project than the project name.") { SkewSeconds = skewSeconds },
        SendOutcome.CredentialFault fault => new CheckResult.Refused(fault.Code, fault.Remedy) { SkewSeconds = skewSeconds },
        SendOutcome.Unavailable down => new CheckResult.Undecided(down.Code, NetworkFaults.Remedy(down.Code, endpoint)),
        SendOutcome.Throttled throttled => new CheckResult.Undecided(throttled.Code, "Firebase throttles this project at present. Try again in a minute."),
        SendOutcome.TargetForeign foreign => new CheckResult.Undecided(foreign.Code, "Firebase took the credentials but not the dry run. Try again."),
        SendOutcome.Rejected rejected => new CheckResult.Undecided(rejected.Code, $"The dry run was not taken. {rejected.Reason}"),
        _ => throw new InvalidOperationException(outcome.GetType().Name),
    };
}
