using Microsoft.Extensions.Logging;

namespace Ringback.Engine.Firebase;

internal sealed partial class AccessTokens
{
    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Tenant {Tenant}: access token for project {Project} fetched, valid for {Seconds} s")]
        public static partial void Fetched(ILogger logger, TenantId tenant, string project, double seconds);

        [LoggerMessage(3002, LogLevel.Error, "Tenant {Tenant}: no access token for project {Project}: {Code}")]
        public static partial void Refused(ILogger logger, TenantId tenant, string project, string code);

        [LoggerMessage(3003, LogLevel.Warning, "Tenant {Tenant}: access token for project {Project} cannot be fetched at present: {Code}")]
        public static partial void Unavailable(ILogger logger, TenantId tenant, string project, string code);

        [LoggerMessage(3004, LogLevel.Warning, "The clock of this machine is {Seconds} s behind Google's (negative: ahead); tokens are signed with the corrected time")]
        public static partial void Skewed(ILogger logger, long seconds);
    }
}
