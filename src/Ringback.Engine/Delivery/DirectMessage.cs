using System.Text.Json;

namespace Ringback.Engine.Delivery;

/// <summary>A message that a caller wrote in the push service's own form. It goes out once, as it is, beside the outbox.</summary>
/// <param name="Target">Where it goes.</param>
/// <param name="Fields">A JSON object with the parts of the message; none of them is a target.</param>
/// <param name="ValidateOnly">Whether the push service only looks at it and no device receives it.</param>
public sealed record DirectMessage(PushTarget Target, JsonElement Fields, bool ValidateOnly)
{
    /// <summary>Neither the address nor what the message says.</summary>
    public override string ToString() => $"a message to {Target}";
}
