#!/usr/bin/env bash
# Runs a demo site: the server on SQLite beside the FCM emulator. `./run.sh --help` lists the options.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() { echo "run.sh: $1" >&2; exit 1; }
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing. Install it and put dotnet on the PATH."
sdk=$(cd "$root" && dotnet --version 2>/dev/null) || fail "the .NET SDK found does not fit global.json. Install .NET SDK 10.0.4xx."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# A build takes seconds even where nothing changed; a stamp newer than every source saves them.
bin="$root/artifacts/bin"
stamp="$root/artifacts/run.stamp"
server="$bin/Ringback.Server/release/ringback.dll"
emulator="$bin/Ringback.FcmEmulator/release/fcm-emulator.dll"
is_built() {
  [[ -e $stamp && -e $server && -e $emulator && -z $(find "$root/src" "$root/clients" "$root"/*.props "$root/global.json" -newer "$stamp" -print -quit) ]]
}
build() {
  echo "run.sh: building with .NET SDK $sdk (the first time takes a minute or two)"
  local log="$root/artifacts/run-build.log"
  touch "$stamp.new" # Before the build, so that what is edited meanwhile is built next time.
  for project in Ringback.Server Ringback.FcmEmulator; do
    # Without the lock: the build leaves processes behind for the next one, which would hold it.
    dotnet build "$root/src/$project" -c Release --nologo >"$log" 2>&1 9>&- || { tail -n 20 "$log" >&2; fail "the build failed; the whole log is $log"; }
    echo "run.sh: built $project"
  done
  mv "$stamp.new" "$stamp"
}
if ! is_built; then
  mkdir -p "$root/artifacts" 2>/dev/null || fail "$root/artifacts cannot be written."
  exec 9>"$root/artifacts/run.lock"
  # Two sites may be started side by side, two builds may not. Where there is no flock (macOS) they have to be.
  ! command -v flock >/dev/null || flock 9
  is_built || build
  exec 9>&-
fi
# A script that starts this with & has us ignore SIGINT, and .NET keeps to that; whoever sends it all the same means it.
interruptible=()
if env --default-signal=INT true 2>/dev/null; then interruptible=(env --default-signal=INT); fi
exec ${interruptible[@]+"${interruptible[@]}"} dotnet "$server" demo --emulator-program "$emulator" "$@"
