using PhoneNumbers;

namespace Ringback.Engine.Callbacks;

/// <summary>Reads phone numbers as people and apps write them.</summary>
public static class PhoneNumberReader
{
    /// <summary>Longest text that is looked at.</summary>
    public const int MaxLength = 40;

    private static readonly PhoneNumberUtil util = PhoneNumberUtil.GetInstance();

    /// <summary>
    /// The number in E.164. With a country code it is taken from anywhere in the world; without one it is national in <paramref name="region"/>.
    /// A number that cannot exist is refused; whether somebody has it only the network knows.
    /// </summary>
    /// <param name="text">The number as written.</param>
    /// <param name="region">ISO 3166 code for numbers without a country code.</param>
    /// <param name="field">What a refusal calls the number.</param>
    public static Answer<string> Read(string text, string region, string field = "phoneNumber")
    {
        if (text.Length > MaxLength) return Problems.PhoneNumberInvalid.With($"{field} is longer than {MaxLength} characters.");
        try
        {
            var number = util.Parse(text, region);
            return util.IsPossibleNumber(number)
                ? util.Format(number, PhoneNumberFormat.E164)
                : Problems.PhoneNumberInvalid.With($"{field} cannot be a phone number. Send E.164 such as +14155550123, or a national number of {region}.");
        }
        catch (NumberParseException)
        {
            return Problems.PhoneNumberInvalid.With($"{field} cannot be read. Send E.164 such as +14155550123, or a national number of {region}.");
        }
    }
}
