#!/usr/bin/env bash
# Proves that the rules which the build enforces do bite: mutates a throw-away copy and demands the right error for each mutation.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

(cd "$root" && tar -c --exclude=./artifacts --exclude=./data --exclude=./.git .) | tar -x -C "$copy"
cd "$copy"
engine=src/Ringback.Engine
dotnet restore "$engine" >/dev/null

open=0
# gate NAME CODE COMMAND: the build of the mutated copy must fail with CODE.
gate() {
  local output
  output=$("${@:3}" 2>&1) && { echo "OPEN   $1: nothing failed"; open=1; return; }
  if grep -q "$2" <<<"$output"; then echo "closed $1 ($2)"; else echo "OPEN   $1: failed without $2"; tail -n 5 <<<"$output"; open=1; fi
}
mutant() { printf 'namespace Ringback.Engine;\n\ninternal static class Mutant\n{\n    %s\n}\n' "$1" >"$engine/Mutant.cs"; }
build() { dotnet build "$engine" --no-restore --nologo -v quiet; }

mutant 'public static DateTimeOffset Now() => DateTimeOffset.UtcNow;'
gate "wall clock" RS0030 build
mutant 'public static Task Wait() => Task.Delay(TimeSpan.FromSeconds(1));'
gate "delay that no test can shorten" RS0030 build
mutant 'public static string Text(string? text) => text;'
gate "nullable" CS8603 build
mutant 'public static Guid Id() => Guid.NewGuid();'
gate "id that does not sort" RS0030 build
rm "$engine/Mutant.cs"
cluster=src/Ringback.Cluster
dotnet restore "$cluster" >/dev/null
# The grain follows the changed interface, or the compiler would complain before the contract is compared.
sed -i 's/EstimateAsync(EwtMode? mode)/EstimateAsync(EwtMode? mode, int more = 0)/' "$cluster/Queues/IQueueGrain.cs" "$cluster/Queues/QueueGrain.cs"
gate "grain contract drift" ORLEANS0018 dotnet build "$cluster" --no-restore --nologo -v quiet
sed -i 's/"libphonenumber-csharp" Version="[^"]*"/"libphonenumber-csharp" Version="9.0.0"/' Directory.Packages.props
gate "locked restore" NU1004 dotnet restore "$engine" --locked-mode
exit $open
