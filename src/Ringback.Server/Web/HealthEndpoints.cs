using System.Globalization;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Delivery;
using Ringback.Engine.Firebase;
using Ringback.Storage;

namespace Ringback.Server.Web;

/// <summary><c>/healthz</c>: the process lives. <c>/readyz</c>: it can take work, and what hinders pushes.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/healthz", () => Answers.Ok(new { status = "ok" }));
        app.MapGet("/readyz", ReadyAsync);
    }

    /// <summary>503 only for database, migration, draining or a clock that is seconds off; a push service or credentials in trouble are named, but the server takes callbacks all the same.</summary>
    private static async Task<IResult> ReadyAsync(
        IDatabaseSetup database, IAccessStore access, IDeliveryStore delivery, CredentialService credentials, SiteClock clock, IHostApplicationLifetime lifetime, CancellationToken cancellation)
    {
        if (lifetime.ApplicationStopping.IsCancellationRequested) return NotReady("draining", "The server is stopping.");
        try
        {
            if (await database.SchemaAgeAsync(cancellation) is not SchemaAge.Same and var age) return NotReady("migration", $"The database schema is {(age == SchemaAge.Newer ? "newer" : "older")} than this program.");
            if (clock.MachineIsAheadBy is { } ahead && ahead.Duration() > SiteClock.MostOff) return NotReady("clock", ClockWords(ahead));
            var waiting = await delivery.WaitingAsync();
            var checks = new List<object> { new { name = "database", status = "ok" } };
            foreach (var tenant in await access.ListTenantsAsync())
            {
                var pushes = waiting.TryGetValue(tenant, out var count) ? count : 0;
                if (await credentials.StatusAsync(tenant, cancellation) is { } why)
                    checks.Add(new { name = "credentials", tenant = tenant.Value, status = "waiting", detail = why, pushesWaiting = pushes });
                else
                    checks.Add(new { name = "credentials", tenant = tenant.Value, status = "ok", pushesWaiting = pushes });
            }
            return Answers.Ok(new { status = "ready", checks });
        }
        catch (Exception away) when (away is Engine.Callbacks.StorageException or ProblemException)
        {
            return NotReady("database", "The database cannot be reached.");
        }
    }

    private static string ClockWords(TimeSpan ahead) => string.Create(CultureInfo.InvariantCulture,
        $"The clock of this machine is {ahead.Duration().TotalSeconds:0.0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} that of the database's machine. Let both follow the same time servers (NTP).");

    private static IResult NotReady(string name, string detail) =>
        Results.Json(new { status = "not ready", checks = new[] { new { name, status = "failed", detail } } }, WireJson.Options, statusCode: StatusCodes.Status503ServiceUnavailable);
}
