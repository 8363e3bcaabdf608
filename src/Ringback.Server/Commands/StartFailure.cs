using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Ringback.Engine;
using Ringback.Engine.Callbacks;
using Ringback.Storage;
using Ringback.Storage.Dialects.Sqlite;

namespace Ringback.Server.Commands;

/// <summary>A command cannot go on, for a reason that its user can mend.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <summary>Which failures a user can mend, and how they are told.</summary>
internal static class StartFailure
{
    /// <summary>One line that says what is wrong and what to do, or null for a bug.</summary>
    public static string? LineOf(Exception failure) => failure switch
    {
        CommandException told => told.Message,
        DataInUseException or DataFileException or NewerSchemaException => failure.Message,
        OptionsValidationException invalid => $"the configuration is wrong: {string.Join(" ", invalid.Failures)}",
        UnauthorizedAccessException => $"{failure.Message} Choose another folder with --data.",
        StorageException when failure.GetBaseException() is SocketException socket =>
            $"{failure.Message.TrimEnd('.')}: {Trimmed(failure.InnerException!.Message)} ({socket.Message}). Start it, or correct Storage:ConnectionString.",
        StorageException => failure.Message,
        ProblemException => failure.Message,
        FileNotFoundException => failure.Message,
        InvalidDataException when failure.GetBaseException() is JsonException json => $"{failure.Message.TrimEnd('.')}: {WhereOf(json)}",
        InvalidDataException => failure.Message,
        IOException or SocketException => failure.GetBaseException().Message.ReplaceLineEndings(" "),
        AggregateException { InnerException: { } inner } => LineOf(inner),
        _ => null,
    };

    private static string WhereOf(JsonException json) =>
        json.LineNumber is { } line ? $"it is not JSON near line {line + 1}, byte {json.BytePositionInLine + 1}." : "it is not JSON.";

    private static string Trimmed(string sentence) => sentence.ReplaceLineEndings(" ").TrimEnd('.', ' ');

    /// <summary>Makes a folder that only its owner can look into.</summary>
    public static void MakePrivateFolder(string path)
    {
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
            else Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"the data folder {path} cannot be made: {failure.Message} Choose another one with --data.");
        }
    }
}
