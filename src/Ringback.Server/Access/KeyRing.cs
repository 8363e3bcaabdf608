using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Ringback.Engine;
using Ringback.Engine.Access;
using Ringback.Engine.Firebase;

namespace Ringback.Server.Access;

/// <summary>Keeps the keys of cookies and forms in the database. The framework asks for them without await, once at start and about once a day.</summary>
internal sealed class KeyRing(IKeyRingStore store, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(store.ListAsync).GetAwaiter().GetResult().Select(element => XElement.Parse(element))];

    public void StoreElement(XElement element, string friendlyName)
    {
        var now = clock.Now();
        Task.Run(() => store.AddAsync(Guid.CreateVersion7(now), element.ToString(SaveOptions.DisableFormatting), now)).GetAwaiter().GetResult();
    }
}

/// <summary>Seals what is secret in a key of the ring with the master key, which is not in the database.</summary>
internal sealed class KeyRingEncryptor(IServiceProvider services) : IXmlEncryptor
{
    internal const string Purpose = "key-ring";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        // Asked for at the last moment, so that a wrong master key hinders signing in, not starting.
        var record = services.GetRequiredService<CredentialSeal>().SealText(Purpose, plaintextElement.ToString(SaveOptions.DisableFormatting));
        if (record.Fault is { } fault) throw new ProblemException(fault);
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(record.Value)), typeof(KeyRingDecryptor));
    }
}

/// <summary>Opens what <see cref="KeyRingEncryptor"/> sealed. Made by the framework, which passes the services.</summary>
internal sealed class KeyRingDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var text = services.GetRequiredService<CredentialSeal>().OpenText(KeyRingEncryptor.Purpose, Convert.FromBase64String(encryptedElement.Value));
        return text.Fault is { } fault ? throw new ProblemException(fault) : XElement.Parse(text.Value);
    }
}
