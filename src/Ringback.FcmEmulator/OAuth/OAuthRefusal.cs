namespace Ringback.FcmEmulator.OAuth;

/// <summary>An error of the token endpoint, in Google's words: senders show them to administrators and some read them.</summary>
internal sealed record OAuthRefusal(string Error, string Description)
{
    public static readonly OAuthRefusal GrantTypeMissing = new("invalid_request", "Required parameter is missing: grant_type");
    public static readonly OAuthRefusal AssertionMissing = new("invalid_request", "Required parameter is missing: assertion");
    public static readonly OAuthRefusal NotAForm = new("invalid_request", "The request body must be application/x-www-form-urlencoded.");
    public static readonly OAuthRefusal AssertionFormat = new("invalid_grant", "Invalid assertion format. 3 dot separated segments required.");
    public static readonly OAuthRefusal Unreadable = new("invalid_grant", "Invalid JWT: Failed to parse the header or the claims.");
    public static readonly OAuthRefusal Signature = new("invalid_grant", "Invalid JWT Signature.");
    public static readonly OAuthRefusal AccountNotFound = new("invalid_grant", "Invalid grant: account not found");
    public static readonly OAuthRefusal Audience = new("invalid_grant",
        "Invalid JWT: Failed audience check. The right audience is https://oauth2.googleapis.com/token");
    public static readonly OAuthRefusal Lifetime = new("invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.");
    public static readonly OAuthRefusal ScopeMissing = new("invalid_scope", "Empty or missing scope not allowed.");
    public static readonly OAuthRefusal Scope = new("invalid_scope", "Invalid OAuth scope or ID token audience provided.");

    /// <summary>The type is not repeated: it is whatever the caller sent, and this text ends up in logs.</summary>
    public static readonly OAuthRefusal GrantType = new("unsupported_grant_type", "Invalid grant_type");
}
