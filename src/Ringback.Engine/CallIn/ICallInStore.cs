using Ringback.Engine.Callbacks;

namespace Ringback.Engine.CallIn;

/// <summary>Where customers of one or more queues call in.</summary>
public sealed record CallInGroup
{
    /// <summary>Name within the tenant, 1 to 64 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Numbers to dial, E.164, 1 to 50; given out in turn.</summary>
    public required IReadOnlyList<string> PhoneNumbers { get; init; }

    /// <summary>Digits of the access code; 0 = no codes, else 4 to 9.</summary>
    public int AccessCodeDigits { get; init; }

    /// <summary>How long call-in data hold; 10 s to one day, default 5 min.</summary>
    public int ExpirySeconds { get; init; } = 300;
}

/// <summary>An access code that is kept for a request.</summary>
/// <param name="Group">The group, within which the code is unique.</param>
/// <param name="Code">The digits.</param>
/// <param name="RequestId">Whose it is. The code is free again before <paramref name="Until"/> where this request is used or has ended.</param>
/// <param name="Until">When it is free again at the latest.</param>
public sealed record CodeClaim(string Group, string Code, Guid RequestId, DateTimeOffset Until);

/// <summary>Call-in groups and requests.</summary>
public interface ICallInStore
{
    /// <summary>The group of that name, or null.</summary>
    Task<CallInGroup?> FindGroupAsync(TenantId tenant, string name);

    /// <summary>Adds or replaces a group.</summary>
    Task SaveGroupAsync(TenantId tenant, CallInGroup group);

    /// <summary>Every group of the tenant by name.</summary>
    Task<IReadOnlyList<CallInGroup>> ListGroupsAsync(TenantId tenant);

    /// <summary>Adds a request that belongs to no callback. Its access code, if any, has been claimed.</summary>
    Task AddRequestAsync(TenantId tenant, CallInRecord request);

    /// <summary>Makes an access code that of one request, before anybody is told it; false where it is another one's. Of several that ask at once one gets it.</summary>
    Task<bool> ClaimCodeAsync(TenantId tenant, CodeClaim claim, DateTimeOffset now);

    /// <summary>Gives a code back that nobody was told.</summary>
    Task ReleaseCodeAsync(TenantId tenant, CodeClaim claim);

    /// <summary>
    /// The open, unmatched requests that fit any of what is known of an incoming call: access code, calling number, dialled number. Newest first, at most 50.
    /// </summary>
    Task<IReadOnlyList<CallInRecord>> FindOpenAsync(TenantId tenant, string? accessCode, string? fromPhoneNumber, string? toPhoneNumber, DateTimeOffset now);

    /// <summary>Marks a request that belongs to no callback as matched; false where somebody was faster.</summary>
    Task<bool> MarkMatchedAsync(TenantId tenant, Guid requestId, DateTimeOffset at);
}
