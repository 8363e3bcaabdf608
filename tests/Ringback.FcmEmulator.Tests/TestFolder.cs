namespace Ringback.FcmEmulator.Tests;

/// <summary>A folder of one test, gone afterwards.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fcm-emulator-").FullName;

    public string Journal => System.IO.Path.Combine(Path, "emulator.jsonl");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
