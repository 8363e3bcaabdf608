namespace Ringback.Engine.Callbacks;

/// <summary>What may be seen of a customer's number by people who need not call it.</summary>
public static class PhoneNumberMask
{
    private const int ShownAtEnd = 2;
    private const int ShownAtStart = 3;

    /// <summary>The beginning, which says where the number belongs, and the last two digits, by which two customers are told apart: <c>+49•••••17</c>.</summary>
    public static string Of(string number) => number.Length < 2 * (ShownAtStart + ShownAtEnd)
        ? new string('•', number.Length)
        : string.Concat(number.AsSpan(0, ShownAtStart), new string('•', number.Length - ShownAtStart - ShownAtEnd), number.AsSpan(number.Length - ShownAtEnd));
}
