using System.Security.Cryptography;

namespace Ringback.FcmEmulator.WebPush;

/// <summary>Keys on the curve P-256 as web push writes them: an uncompressed point (SEC 1, section 2.3.3).</summary>
internal static class P256
{
    private const int CoordinateBytes = 32;
    private const byte Uncompressed = 4;

    public static byte[] Point(ECParameters key) => [Uncompressed, .. key.Q.X!, .. key.Q.Y!];

    /// <exception cref="CryptographicException">The bytes are no point of the curve.</exception>
    public static ECParameters Public(ReadOnlySpan<byte> point)
    {
        if (point.Length != 1 + (2 * CoordinateBytes) || point[0] != Uncompressed)
        {
            throw new CryptographicException("Not an uncompressed point of P-256.");
        }
        var key = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = point.Slice(1, CoordinateBytes).ToArray(), Y = point[(1 + CoordinateBytes)..].ToArray() },
        };
        key.Validate();
        return key;
    }

    public static bool IsPoint(ReadOnlySpan<byte> point)
    {
        try
        {
            using var key = ECDsa.Create(Public(point));
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
