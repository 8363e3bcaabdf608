namespace Ringback.FcmEmulator.Send;

/// <summary>A refusal as Google's APIs answer it (google.rpc.Status in its JSON form).</summary>
internal sealed record RpcStatus(int Code, string Status, string Message, params IReadOnlyList<StatusDetail> Details)
{
    /// <summary>The value of the <c>Retry-After</c> header, if the answer has one.</summary>
    public RetryAfter? RetryAfter { get; init; }

    /// <summary>The word for it in counters: the code of FCM, else the reason, else the status.</summary>
    public string Name { get; } = Details.OfType<StatusDetail.FcmError>().FirstOrDefault()?.ErrorCode
        ?? Details.OfType<StatusDetail.ErrorInfo>().FirstOrDefault()?.Reason
        ?? Status;
}

/// <summary>How long a sender is asked to wait. The header may be a number or a date (RFC 9110, section 10.2.3); senders must read both.</summary>
internal sealed record RetryAfter(int Seconds, bool AsDate);

/// <summary>One entry of <c>error.details</c>; its <c>@type</c> says which.</summary>
internal abstract record StatusDetail
{
    private StatusDetail()
    {
    }

    /// <summary>What FCM itself says; schema, account and project errors come without it.</summary>
    public sealed record FcmError(string ErrorCode) : StatusDetail;

    public sealed record BadRequest(IReadOnlyList<FieldViolation> Violations) : StatusDetail;

    public sealed record QuotaFailure(string Subject, string Description) : StatusDetail;

    public sealed record Help(string Description, string Url) : StatusDetail;

    public sealed record ErrorInfo(string Reason, string Domain, IReadOnlyDictionary<string, string> Metadata) : StatusDetail;
}

/// <summary>A field of the request that is wrong, by its path, and why.</summary>
internal sealed record FieldViolation(string Field, string Description);
