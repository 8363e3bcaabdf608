namespace Ringback.FcmEmulator.Inbox;

/// <summary>A message that was accepted.</summary>
/// <param name="Sequence">Grows by one with every message, also past an emptied inbox and a restart.</param>
/// <param name="ReceivedAt">When, by the emulator's clock.</param>
/// <param name="ProjectId">The project it was sent in.</param>
/// <param name="ValidateOnly">It was only checked; a device would not have seen it.</param>
/// <param name="Token">The token or installation id it was sent to; null for a topic or a condition.</param>
/// <param name="Json">The message as it was sent, byte for byte.</param>
internal sealed record InboxMessage(
    long Sequence, DateTimeOffset ReceivedAt, string ProjectId, bool ValidateOnly, string? Token, ReadOnlyMemory<byte> Json);
