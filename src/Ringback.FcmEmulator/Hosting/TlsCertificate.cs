using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ringback.FcmEmulator.Hosting;

/// <summary>
/// A certificate for Google's hosts, made when it is first needed and never written down: no SDK has a setting for these hosts, so they are
/// pointed at the emulator by name and have to be served as themselves. Whoever does not trust it on purpose is not fooled by it.
/// </summary>
internal sealed class TlsCertificate : IDisposable
{
    private static readonly string[] Hosts =
    [
        "fcm.googleapis.com", "oauth2.googleapis.com", "firebaseinstallations.googleapis.com", "fcmregistrations.googleapis.com", "localhost",
    ];

    private readonly Lazy<X509Certificate2> _certificate;

    public TlsCertificate(TimeProvider clock)
        => _certificate = new Lazy<X509Certificate2>(() => Make(clock.GetUtcNow()));

    public X509Certificate2 Certificate => _certificate.Value;

    public string Pem => Certificate.ExportCertificatePem();

    public void Dispose()
    {
        if (_certificate.IsValueCreated)
        {
            _certificate.Value.Dispose();
        }
    }

    private static X509Certificate2 Make(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=FCM emulator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in Hosts)
        {
            names.AddDnsName(host);
        }
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        // A root for itself, so that it can be handed to a client as the one authority to trust; it may sign for nobody else.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        // Browsers refuse server certificates that are good for more than 398 days.
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(365));
    }
}
