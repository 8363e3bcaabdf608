using System.Text.Json;
using Ringback.FcmEmulator.Hosting;

namespace Ringback.FcmEmulator.Faults;

/// <summary><c>/faults/rules</c>: add, list, remove and clear rules.</summary>
internal static class FaultRuleEndpoints
{
    public static void Map(WebApplication app)
    {
        var rules = app.Services.GetRequiredService<FaultRules>();
        app.MapPost("/faults/rules", (RequestDelegate)(context => AddAsync(context, rules)));
        app.MapGet("/faults/rules", (RequestDelegate)(context => ListAsync(context, rules)));
        app.MapDelete("/faults/rules", (RequestDelegate)(context =>
        {
            rules.Clear();
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
        app.MapDelete("/faults/rules/{id}", (RequestDelegate)(context =>
        {
            if (!rules.Remove((string)context.Request.RouteValues["id"]!))
            {
                return JsonAnswer.ErrorAsync(context, StatusCodes.Status404NotFound, "There is no such rule.");
            }
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }));
    }

    private static async Task AddAsync(HttpContext context, FaultRules rules)
    {
        using var body = await JsonBody.ReadAsync(context);
        if (!FaultRuleJson.TryRead(body?.RootElement ?? default, out var rule, out var problem))
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status400BadRequest, problem);
        }
        else if (rules.Add(rule) is not { } added)
        {
            await JsonAnswer.ErrorAsync(context, StatusCodes.Status409Conflict, $"There are {FaultRules.MaxRules} rules already; remove some.");
        }
        else
        {
            await JsonAnswer.WriteAsync(context, StatusCodes.Status201Created, json => FaultRuleJson.Write(json, new FaultRules.Standing(added, 0, 0)));
        }
    }

    private static Task ListAsync(HttpContext context, FaultRules rules)
        => JsonAnswer.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("rules");
            foreach (var standing in rules.List())
            {
                FaultRuleJson.Write(json, standing);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
}
