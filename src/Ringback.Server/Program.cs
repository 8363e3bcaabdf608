using System.CommandLine;
using Ringback.Engine.Firebase;
using Ringback.Server.Commands;

SendBuffers.Enlarge();

// Left to itself the library ends the process 2 s after SIGTERM, in the middle of what the host still lets finish (ServerHost: at most 48 s).
return await RingbackCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
