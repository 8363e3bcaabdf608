#!/usr/bin/env bash
# Builds everything and runs every test. Ends with "N passed, N failed" from the runners' own counts; fails if a test failed or none ran.
# Usage: ./test.sh [PROJECT ...]   for example ./test.sh Ringback.Engine.Tests
#
# Tests that need PostgreSQL get a throw-away one, which is gone when this script ends, however it ends. To run one project by hand, give it a server
# whose user may create databases (the tests make databases of their own, named ringback_test_…, and drop them):
#   export RINGBACK_TEST_POSTGRES='Host=127.0.0.1;Port=5432;Username=postgres;Password=…'
#   dotnet run --project tests/Ringback.Storage.Tests -c Release                                   everything in it
#   dotnet run --project tests/Ringback.Storage.Tests -c Release -- -class '*PostgreSql*'          a part of it
# Where the variable is set already, this script uses that server too instead of starting one.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Nearly every test starts a server of its own: watching the code to compile it better later costs a quarter of the CPU and never pays.
export DOTNET_TieredPGO=0

fail() { echo "test.sh: $1" >&2; exit 1; }
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing. Install it and put dotnet on the PATH."

# The browser tests drive Debian's own browsers, and run the Firebase SDKs and axe from npm in the versions of the lock files.
install_browsers() {
  local missing=() folder
  command -v firefox-esr >/dev/null || missing+=(firefox-esr)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v npm >/dev/null || missing+=(nodejs npm)
  if [[ ${#missing[@]} -gt 0 ]]; then
    [[ $(id -u) -eq 0 ]] && command -v apt-get >/dev/null || fail "${missing[*]} missing. Run 'sudo apt-get install ${missing[*]}'."
    echo "test.sh: installing ${missing[*]}"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends "${missing[@]}"; } >"$root/artifacts/apt-browsers.log" 2>&1 \
      || fail "${missing[*]} could not be installed; see artifacts/apt-browsers.log"
  fi
  for folder in tests/Ringback.Browser.Tests/web tests/Ringback.Browser.Tests/Admin/axe; do
    if [[ -e $folder/node_modules/.package-lock.json && ! $folder/package-lock.json -nt $folder/node_modules/.package-lock.json ]]; then continue; fi
    echo "test.sh: installing the packages of $folder"
    (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts && touch node_modules/.package-lock.json) >"$root/artifacts/npm.log" 2>&1 \
      || fail "npm could not install the packages of $folder; see artifacts/npm.log"
  done
}

projects=("$@")
if [[ ${#projects[@]} -eq 0 ]]; then
  for project in tests/*.Tests; do projects+=("${project#tests/}"); done
fi

# The server binaries refuse to run as root, so root lends them to another user.
postgres_bin() {
  local found
  found=$(compgen -G '/usr/lib/postgresql/*/bin/postgres' || compgen -G '/usr/pgsql-*/bin/postgres' || command -v postgres || true)
  if [[ -n $found ]]; then dirname "$(sort -V <<<"$found" | tail -n 1)"; fi
}
as_postgres() {
  if [[ $(id -u) -ne 0 ]]; then "$@"; return; fi
  local user=nobody
  if id postgres >/dev/null 2>&1; then user=postgres; fi
  (cd / && setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@")
}
stop_postgres() {
  if [[ -e $1/data/postmaster.pid ]]; then as_postgres "$2/pg_ctl" -D "$1/data" -m immediate stop >/dev/null 2>&1 || true; fi
  rm -rf "$1"
}
start_postgres() {
  local bin folder port
  bin=$(postgres_bin)
  if [[ -z $bin ]]; then
    command -v apt-get >/dev/null || fail "PostgreSQL is missing. Install its server, or set RINGBACK_TEST_POSTGRES (see the first lines of this script)."
    [[ $(id -u) -eq 0 ]] || fail "PostgreSQL is missing. Run 'sudo apt-get install postgresql', or set RINGBACK_TEST_POSTGRES (see the first lines of this script)."
    echo "test.sh: installing PostgreSQL"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql; } >"$root/artifacts/apt.log" 2>&1 \
      || fail "PostgreSQL could not be installed; see artifacts/apt.log"
    bin=$(postgres_bin)
    [[ -n $bin ]] || fail "PostgreSQL was installed but /usr/lib/postgresql/*/bin/postgres is not there."
  fi
  folder=$(mktemp -d "${TMPDIR:-/tmp}/ringback-pg.XXXXXX")
  # shellcheck disable=SC2064
  trap "stop_postgres '$folder' '$bin'" EXIT
  # A trap does not run after kill -9: somebody else waits for our end, and does nothing where we did it.
  export -f as_postgres stop_postgres
  setsid bash -c 'tail --pid="$1" -f /dev/null; stop_postgres "$2" "$3"' _ $$ "$folder" "$bin" </dev/null >/dev/null 2>&1 &
  if [[ $(id -u) -eq 0 ]]; then chown "$(id -u postgres 2>/dev/null || id -u nobody)" "$folder"; fi
  as_postgres "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$root/artifacts/postgres-initdb.log" 2>&1 \
    || fail "initdb failed; see artifacts/postgres-initdb.log"
  for _ in 1 2 3 4 5 6 7 8 9; do
    port=$((20000 + RANDOM % 20000))
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then continue; fi
    if as_postgres "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 start \
      -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=200" >/dev/null 2>&1; then
      export RINGBACK_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres"
      echo "test.sh: $("$bin/postgres" --version) on port $port"
      return
    fi
  done
  cat "$folder/log" >&2 || true
  fail "PostgreSQL did not start."
}

mkdir -p artifacts/test-logs
if [[ -z ${RINGBACK_TEST_POSTGRES:-} ]]; then start_postgres; fi
if [[ " ${projects[*]} " == *" Ringback.Browser.Tests "* ]]; then install_browsers; fi

echo "test.sh: building"
dotnet build Ringback.slnx -c Release --nologo -v quiet

passed=0 failed=0 broken=0
for project in "${projects[@]}"; do
  log="artifacts/test-logs/$project.log"
  echo "test.sh: running $project"
  started=$SECONDS
  code=0
  dotnet "artifacts/bin/$project/release/$project.dll" -noColor >"$log" 2>&1 </dev/null || code=$?
  summary=$(grep -E '^ +[A-Za-z.]+ +Total: [0-9]+, Errors: ' "$log" | tail -n 1 || true)
  if [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+) ]]; then
    total=${BASH_REMATCH[1]} errors=${BASH_REMATCH[2]} bad=${BASH_REMATCH[3]} skipped=${BASH_REMATCH[4]}
    passed=$((passed + total - bad - skipped))
    failed=$((failed + bad + errors))
    echo "test.sh: $project: $((total - bad - skipped)) passed, $((bad + errors)) failed, $skipped skipped in $((SECONDS - started)) s"
    if [[ $code -ne 0 || $bad -gt 0 || $errors -gt 0 ]]; then
      broken=1
      grep -vE '^ *(Discover|Start|Finish)' "$log" | tail -n 200
    fi
    # A test that is skipped here is a test that nobody runs.
    if [[ $skipped -gt 0 ]]; then broken=1; echo "test.sh: $project skipped tests"; fi
  else
    broken=1 failed=$((failed + 1))
    echo "test.sh: $project gave no summary (exit code $code)"
    tail -n 50 "$log"
  fi
done

echo "$passed passed, $failed failed"
[[ $broken -eq 0 && $failed -eq 0 && $passed -gt 0 ]]
