using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Server.Access.Api;
using Ringback.Server.Web;

namespace Ringback.Server.Callbacks.Api;

/// <summary>What a supervisor does to a callback, and why it has not been called yet (docs/api).</summary>
internal static class SupervisorApi
{
    public static Task<IResult> CancelAsync(HttpContext http, string id, WishService service) =>
        EndAsync(http, id, callback => service.CancelAsync(http.Caller().Tenant, callback, http.Caller().Name));

    public static Task<IResult> PurgeAsync(HttpContext http, string id, WishService service) =>
        EndAsync(http, id, callback => service.PurgeAsync(http.Caller().Tenant, callback, http.Caller().Name));

    public static async Task<IResult> WhyAsync(HttpContext http, string id, WishService service) =>
        Guid.TryParseExact(id, "D", out var callback)
            ? Answers.Plain(http, await service.WhyAsync(http.Caller().Tenant, callback), why => why)
            : Answers.Refuse(http, NoId);

    private static async Task<IResult> EndAsync(HttpContext http, string id, Func<Guid, Task<Answer<Guid>>> end) =>
        Guid.TryParseExact(id, "D", out var callback)
            ? Answers.Plain(http, await end(callback), ended => new { callbackId = ended })
            : Answers.Refuse(http, NoId);

    private static Fault NoId => Problems.CallbackNotFound.With("The id in the address is no UUID.");
}
