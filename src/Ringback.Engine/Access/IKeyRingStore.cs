namespace Ringback.Engine.Access;

/// <summary>
/// Keeps the keys that protect cookies and forms: one ring for the whole installation, so that every node reads every cookie. The elements are opaque here and
/// sealed by the master key before they come.
/// </summary>
public interface IKeyRingStore
{
    /// <summary>Every element, oldest first.</summary>
    Task<IReadOnlyList<string>> ListAsync();

    /// <summary>Adds an element.</summary>
    Task AddAsync(Guid id, string element, DateTimeOffset at);
}
