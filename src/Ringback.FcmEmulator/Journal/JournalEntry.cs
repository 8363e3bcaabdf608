using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Inbox;

namespace Ringback.FcmEmulator.Journal;

/// <summary>One line of the emulator's file; reading all of them in order gives its state.</summary>
internal abstract record JournalEntry
{
    private JournalEntry()
    {
    }

    public sealed record AccountRegistered(ServiceAccount Account) : JournalEntry;

    public sealed record AccountRevoked(string ClientEmail) : JournalEntry;

    public sealed record MessageAccepted(InboxMessage Message) : JournalEntry;

    /// <summary>The inbox was emptied; sequence numbers go on after the last one given.</summary>
    public sealed record InboxCleared(long LastSequence) : JournalEntry;
}
