using System.CommandLine;
using Ringback.Engine.Firebase;
using Ringback.LoadGen.Auditing;
using Ringback.LoadGen.Fairness;
using Ringback.LoadGen.Receiving;
using Ringback.LoadGen.Running;
using Ringback.LoadGen.Senders;
using Ringback.LoadGen.Soaking;
using Ringback.Measuring;

SendBuffers.Enlarge(); // As the server does; the other senders have the good of it too.

// The load on the real program; `sender` compares the way out to FCM alone. Exit codes: 0 a good result, 1 not.
var callbacks = NumberOption.Of("--callbacks", 2_000, 20, 1_000_000, "Callbacks in all.");
var queues = NumberOption.Of("--queues", 20, 1, 10_000, "Queues that they are spread over.");
var clients = NumberOption.Of("--clients", 32, 1, 64, "Requests in flight at once.");
var agents = NumberOption.Of("--agents", 32, 1, 64, "Agents who take callbacks and report.");
var warmUp = NumberOption.Of("--warm-up", 2_000, 0, 100_000, "Callbacks that warm the program up beforehand.");
var seconds = NumberOption.Of("--seconds", 300, 10, 3_600, "No more work after this; what there is by then is audited.");
var pairs = NumberOption.Of("--pairs", 5, 0, 20, "Turns of burst and peer; 0 leaves the peer out.");
var receiver = new Option<ReceiverKind>("--receiver") { Description = "Who takes the pushes: the emulator, or a bare endpoint that does not limit the figures.", DefaultValueFactory = _ => ReceiverKind.Bare };
var postgres = new Option<string?>("--postgres") { Description = "Connection string of an empty PostgreSQL database; without it the run is on SQLite.", HelpName = "TEXT" };
var results = new Option<string?>("--results") { Description = "Folder for the result as JSON.", HelpName = "DIR" };
var countSyncs = new Option<bool>("--count-fsyncs") { Description = "Count the server's fsyncs with strace (SQLite; PostgreSQL counts its own)." };
var selfCheck = new Option<bool>("--self-check") { Description = "After a small run: does the audit notice forged evidence?" };

var root = new RootCommand("Load on the real program, and an audit of what became of it.") { callbacks, queues, clients, agents, postgres, receiver, warmUp, seconds, pairs, countSyncs, results, selfCheck };
root.SetAction(async (line, _) =>
{
    var isCheck = line.GetValue(selfCheck);
    var options = new LoadOptions
    {
        Callbacks = isCheck ? 200 : line.GetValue(callbacks),
        Queues = isCheck ? 4 : line.GetValue(queues),
        Clients = line.GetValue(clients),
        Agents = line.GetValue(agents),
        Receiver = line.GetValue(receiver),
        WarmUp = isCheck ? 0 : line.GetValue(warmUp) / LoadOptions.WarmUpQueues * LoadOptions.WarmUpQueues,
        Limit = TimeSpan.FromSeconds(line.GetValue(seconds)),
        Pairs = isCheck ? 0 : line.GetValue(pairs),
        CountSyncs = line.GetValue(countSyncs),
        Postgres = line.GetValue(postgres),
    };
    if (options.Callbacks % options.Queues != 0 || options.PerQueue < 10)
    {
        await Console.Error.WriteLineAsync("--callbacks must be a multiple of --queues, at least ten times as many.");
        return 1;
    }
    var (result, evidence) = await new LoadRun(options, Console.Out).RunAsync();
    result.Print(Console.Out);
    if (isCheck) return SelfCheck.Run(evidence, Console.Out) && result.IsGood ? 0 : 1;
    if (line.GetValue(results) is { } folder) Console.WriteLine($"written to {result.Write(folder)}");
    return result.IsGood ? 0 : 1;
});

var receive = new Command("receive", "The bare endpoint, as a process of its own.") { Hidden = true };
var forget = new Option<bool>("--forget") { Description = "Keep no message." };
var latency = NumberOption.Of("--latency-ms", 0, 0, 1_000, "How long each answer takes, as Google's distance would make it.");
receive.Add(forget);
receive.Add(latency);
receive.SetAction((line, cancellation) => BareReceiver.RunAsync(line.GetValue(forget), TimeSpan.FromMilliseconds(line.GetValue(latency)), cancellation));
root.Add(receive);

var messages = NumberOption.Of("--messages", 50_000, 1_000, 1_000_000, "Messages a turn.");
var firebaseAdmin = new Option<string?>("--firebase-admin") { Description = "FirebaseAdmin.dll, beside what it depends on: measured too, as shipped and over HTTP/2.", HelpName = "FILE" };
var sender = new Command("sender", "The way out to FCM alone: Ringback's sender, a tuned loop and a naive one against the bare endpoint, in turn.") { messages, pairs, firebaseAdmin, latency, results };
sender.SetAction((line, _) => line.GetValue(latency) is > 0 and var distance
    ? DistanceRow.RunAsync(TimeSpan.FromMilliseconds(distance), Math.Max(line.GetValue(pairs), 1), line.GetValue(results))
    : SenderRow.RunAsync(line.GetValue(messages), Math.Max(line.GetValue(pairs), 1), line.GetValue(firebaseAdmin), line.GetValue(results)));
root.Add(sender);

var emulator = new Command("emulator", "What the emulator spends on a send, against the bare endpoint, in turn.") { messages, pairs, results };
emulator.SetAction((line, _) => EmulatorRow.RunAsync(line.GetValue(messages), Math.Max(line.GetValue(pairs), 1), line.GetValue(results)));
root.Add(emulator);
root.Add(SoakCommand.Create(postgres, results));
root.Add(FairnessCommand.Create(postgres, results));
return await root.Parse(args).InvokeAsync();
