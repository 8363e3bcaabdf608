namespace Ringback.FcmEmulator.Hosting;

/// <summary>The emulator cannot start for a reason outside the program; the message is one line for the person at the keyboard.</summary>
public sealed class EmulatorStartException(string message, Exception? inner = null) : Exception(message, inner);
