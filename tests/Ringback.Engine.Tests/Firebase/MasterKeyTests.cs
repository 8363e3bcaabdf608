using Ringback.Engine.Firebase;
using Xunit;

namespace Ringback.Engine.Tests.Firebase;

public sealed class MasterKeyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ringback-key").FullName;

    private string KeyFile => Path.Combine(folder, "master.key");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_file_is_made_once_for_its_owner_alone()
    {
        var made = MasterKey.LoadOrCreate(KeyFile).Value;

        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(made.Fingerprint, MasterKey.LoadOrCreate(KeyFile).Value.Fingerprint);
        Assert.Equal(made.Fingerprint, MasterKey.FromBase64(File.ReadAllText(KeyFile)).Value.Fingerprint);
        Assert.Equal([KeyFile], Directory.GetFiles(folder));
    }

    [Fact]
    public async Task Many_that_start_together_get_the_same_key()
    {
        for (var round = 0; round < 50; round++)
        {
            var keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => MasterKey.LoadOrCreate(KeyFile).Value.Fingerprint)));

            Assert.Single(keys.Distinct());
            Assert.Equal([KeyFile], Directory.GetFiles(folder));
            File.Delete(KeyFile);
        }
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_open_to_others_is_refused(UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows()) return;
        Assert.Null(MasterKey.LoadOrCreate(KeyFile).Fault);
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | mode);

        var fault = MasterKey.LoadOrCreate(KeyFile).Fault;

        Assert.Equal(Problems.CredentialSealed, fault?.Problem);
        Assert.Contains("Set its mode to 0600", fault!.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "wrong length")]
    [InlineData(16, "does not hold 32 bytes")]
    [InlineData(31, "does not hold 32 bytes")]
    [InlineData(33, "does not hold 32 bytes")]
    [InlineData(400, "wrong length")]
    public void A_file_of_another_length_is_refused_and_left_alone(int bytes, string says)
    {
        Assert.Null(MasterKey.LoadOrCreate(KeyFile).Fault);
        var content = Convert.ToBase64String(new byte[bytes]);
        File.WriteAllText(KeyFile, content);

        Assert.Contains(says, MasterKey.LoadOrCreate(KeyFile).Fault!.Detail, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(KeyFile));
    }

    [Fact]
    public void A_folder_that_is_missing_is_a_fault_and_no_exception() =>
        Assert.Contains("cannot be read or made", MasterKey.LoadOrCreate(Path.Combine(folder, "missing", "master.key")).Fault!.Detail, StringComparison.Ordinal);
}
