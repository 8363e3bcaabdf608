using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.OAuth;

/// <summary>Decides whether an assertion earns an access token, and for which project.</summary>
internal sealed class AssertionCheck(AccountRegistry accounts, EmulatorOptions options, TimeProvider clock)
{
    public const string GoogleAudience = "https://oauth2.googleapis.com/token";

    private const long MaxLifetimeSeconds = 3600;
    private const long ToleratedSkewSeconds = 600;

    private static readonly string[] Scopes =
    [
        "https://www.googleapis.com/auth/firebase.messaging",
        "https://www.googleapis.com/auth/cloud-platform",
    ];

    /// <param name="text">The compact JWT.</param>
    /// <param name="ownTokenUrl">This emulator's <c>/token</c> as the caller addressed it; minted account files name it as the audience.</param>
    /// <param name="projectId">The project of the account that signed.</param>
    /// <param name="refusal">Why not.</param>
    public bool Passes(
        string text, string ownTokenUrl, [NotNullWhen(true)] out string? projectId, [NotNullWhen(false)] out OAuthRefusal? refusal)
    {
        projectId = null;
        if (!Assertion.TryRead(text, out var assertion, out refusal))
        {
            return false;
        }
        projectId = ProjectOf(assertion.Issuer, out var account);
        refusal = projectId is null ? OAuthRefusal.AccountNotFound
            : !IsSigned(assertion, account) ? OAuthRefusal.Signature
            : !IsTimely(assertion) ? OAuthRefusal.Lifetime
            : assertion.Audience != GoogleAudience && assertion.Audience != ownTokenUrl ? OAuthRefusal.Audience
            : assertion.Scope.Length == 0 ? OAuthRefusal.ScopeMissing
            : !assertion.Scope.Split(' ').Intersect(Scopes).Any() ? OAuthRefusal.Scope
            : null;
        return refusal is null;
    }

    private string? ProjectOf(string issuer, out ServiceAccount? account)
        => accounts.TryFind(issuer, out account) ? account.ProjectId
            : options.AnyAccount ? ServiceAccountFile.ProjectOf(issuer)
            : null;

    private bool IsSigned(Assertion assertion, ServiceAccount? account)
    {
        if (options.AnyAccount)
        {
            return true;
        }
        if (account is null || assertion.Algorithm != "RS256")
        {
            return false;
        }
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(account.PublicKey.Span, out _);
        return key.VerifyData(assertion.SignedBytes, assertion.Signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    private bool IsTimely(Assertion assertion)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return assertion is { IssuedAt: { } issued, ExpiresAt: { } expires }
            && expires > issued
            && expires - issued <= MaxLifetimeSeconds
            && issued <= now + ToleratedSkewSeconds
            && expires >= now - ToleratedSkewSeconds;
    }
}
