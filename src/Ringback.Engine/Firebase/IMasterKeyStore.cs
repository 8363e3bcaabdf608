namespace Ringback.Engine.Firebase;

/// <summary>Remembers which master key the installation is sealed with: its fingerprint, never the key.</summary>
public interface IMasterKeyStore
{
    /// <summary>The fingerprint that is kept. The first one that is offered is kept, also where several nodes offer theirs at once.</summary>
    Task<string> KeepAsync(string fingerprint, DateTimeOffset at);

    /// <summary>The fingerprint that is kept; null where none is.</summary>
    Task<string?> FindAsync();
}
