using System.Collections.Frozen;
using Ringback.FcmEmulator.Send;

namespace Ringback.FcmEmulator.Faults;

/// <summary>Every error that FCM documents, by the name under which the control API and the tests ask for it.</summary>
internal static class KnownErrors
{
    private static readonly FrozenDictionary<string, Func<string, RpcStatus>> ByName = new Dictionary<string, Func<string, RpcStatus>>
    {
        ["INVALID_ARGUMENT"] = _ => Refusals.InvalidToken,
        ["SCHEMA"] = _ => Refusals.SchemaExample,
        ["UNAUTHENTICATED"] = _ => Refusals.Unauthenticated,
        ["THIRD_PARTY_AUTH_ERROR"] = _ => Refusals.ThirdPartyAuthError,
        ["SENDER_ID_MISMATCH"] = _ => Refusals.SenderIdMismatch,
        ["SERVICE_DISABLED"] = Refusals.ServiceDisabled,
        ["IAM_PERMISSION_DENIED"] = Refusals.PermissionDenied,
        ["UNREGISTERED"] = _ => Refusals.Unregistered,
        ["PROJECT_NOT_FOUND"] = _ => Refusals.UnknownProject,
        ["QUOTA_EXCEEDED"] = _ => Refusals.QuotaExceeded,
        ["INTERNAL"] = _ => Refusals.Internal,
        ["UNAVAILABLE"] = _ => Refusals.Unavailable(null),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IReadOnlyList<string> Names { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    public static bool Has(string name) => ByName.ContainsKey(name);

    /// <summary>The error as that project would see it.</summary>
    public static RpcStatus Of(string name, string projectId) => ByName[name](projectId);
}
