using System.Diagnostics.CodeAnalysis;
using Ringback.FcmEmulator.Journal;

namespace Ringback.FcmEmulator.Accounts;

/// <summary>The service accounts that the emulator knows, one key each: registering an e-mail again replaces its key.</summary>
internal sealed class AccountRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServiceAccount> _byEmail = new(StringComparer.Ordinal);
    private EmulatorJournal? _journal;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byEmail.Count;
            }
        }
    }

    /// <summary>From now on every change is in the file before it counts.</summary>
    public void KeepIn(EmulatorJournal journal) => _journal = journal;

    public void Register(ServiceAccount account)
    {
        lock (_gate)
        {
            var unchanged = _byEmail.TryGetValue(account.ClientEmail, out var known)
                && known.ProjectId == account.ProjectId
                && known.PublicKey.Span.SequenceEqual(account.PublicKey.Span);
            if (!unchanged)
            {
                _journal?.Append(new JournalEntry.AccountRegistered(account));
                _byEmail[account.ClientEmail] = account;
            }
        }
    }

    public bool Revoke(string clientEmail)
    {
        lock (_gate)
        {
            if (!_byEmail.ContainsKey(clientEmail))
            {
                return false;
            }
            _journal?.Append(new JournalEntry.AccountRevoked(clientEmail));
            return _byEmail.Remove(clientEmail);
        }
    }

    public bool TryFind(string clientEmail, [NotNullWhen(true)] out ServiceAccount? account)
    {
        lock (_gate)
        {
            return _byEmail.TryGetValue(clientEmail, out account);
        }
    }

    public bool KnowsProject(string projectId)
    {
        lock (_gate)
        {
            return _byEmail.Values.Any(account => account.ProjectId == projectId);
        }
    }

    public IReadOnlyList<ServiceAccount> List()
    {
        lock (_gate)
        {
            return [.. _byEmail.Values.OrderBy(account => account.ProjectId, StringComparer.Ordinal).ThenBy(account => account.ClientEmail, StringComparer.Ordinal)];
        }
    }

    public IEnumerable<JournalEntry> Snapshot() => List().Select(account => new JournalEntry.AccountRegistered(account));
}
