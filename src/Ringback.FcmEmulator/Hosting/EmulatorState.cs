using System.Text.Json;
using Ringback.FcmEmulator.Accounts;
using Ringback.FcmEmulator.Inbox;
using Ringback.FcmEmulator.Journal;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>Brings back what the data folder holds and keeps its file open for as long as the emulator lives.</summary>
internal sealed class EmulatorState(AccountRegistry accounts, MessageInbox inbox) : IDisposable
{
    /// <summary>Below this many superfluous lines a rewrite of the file is not worth a slower start.</summary>
    private const int ToleratedSuperfluousLines = 1000;

    private EmulatorJournal? _journal;

    /// <exception cref="EmulatorStartException">The folder or an account file cannot be used.</exception>
    public void Open(EmulatorOptions options)
    {
        if (options.DataDirectory is { } directory)
        {
            try
            {
                Restore(directory);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException)
            {
                throw new EmulatorStartException($"cannot use the data folder {directory}: {failure.Message.ReplaceLineEndings(" ")}", failure);
            }
        }
        foreach (var file in options.AccountFiles)
        {
            accounts.Register(ReadAccount(file));
        }
    }

    public void Dispose() => _journal?.Dispose();

    private void Restore(string directory)
    {
        _journal = EmulatorJournal.Open(directory, out var entries);
        foreach (var entry in entries)
        {
            switch (entry)
            {
                case JournalEntry.AccountRegistered registered:
                    accounts.Register(registered.Account);
                    break;
                case JournalEntry.AccountRevoked revoked:
                    accounts.Revoke(revoked.ClientEmail);
                    break;
                case JournalEntry.MessageAccepted accepted:
                    inbox.Restore(accepted.Message);
                    break;
                case JournalEntry.InboxCleared cleared:
                    inbox.RestoreCleared(cleared.LastSequence);
                    break;
                default:
                    throw new InvalidOperationException($"No state for {entry.GetType().Name}");
            }
        }
        var live = accounts.Count + inbox.Count + 1;
        if (entries.Count > (2 * live) + ToleratedSuperfluousLines)
        {
            _journal.Rewrite([.. accounts.Snapshot(), .. inbox.Snapshot()]);
        }
        accounts.KeepIn(_journal);
        inbox.KeepIn(_journal);
    }

    private static ServiceAccount ReadAccount(string file)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            return ServiceAccountFile.TryRead(json.RootElement, out var account, out var problem)
                ? account
                : throw new EmulatorStartException($"cannot use the account file {file}: {problem}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            // A JSON error would quote the file, which holds a private key.
            var reason = failure is JsonException ? "it is not JSON" : failure.Message.ReplaceLineEndings(" ");
            throw new EmulatorStartException($"cannot read the account file {file}: {reason}", failure);
        }
    }
}
