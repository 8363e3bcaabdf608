#!/usr/bin/env bash
# Builds everything and runs every test. Ends with "N passed, N failed" from the runners' own counts; fails if a test failed or none ran.
# Usage: ./test.sh [PROJECT ...]   for example ./test.sh Ringback.Engine.Tests
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { echo "test.sh: $1" >&2; exit 1; }
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing. Install it and put dotnet on the PATH."

# The browser tests drive Debian's own browsers and run the SDKs from npm, in the versions of the lock file.
install_browsers() {
  local missing=() web=tests/Ringback.Browser.Tests/web
  command -v firefox-esr >/dev/null || missing+=(firefox-esr)
  command -v chromium >/dev/null || missing+=(chromium)
  command -v npm >/dev/null || missing+=(nodejs npm)
  if [[ ${#missing[@]} -gt 0 ]]; then
    echo "test.sh: installing ${missing[*]}"
    { apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"; } >/dev/null 2>&1 \
      || fail "cannot install ${missing[*]}: run as root with apt, or install them yourself."
  fi
  if [[ ! -e $web/node_modules/.package-lock.json || $web/package-lock.json -nt $web/node_modules/.package-lock.json ]]; then
    echo "test.sh: installing the SDKs of the browser tests"
    (cd "$web" && npm ci --silent) || fail "npm could not install the packages of $web."
    touch "$web/node_modules/.package-lock.json"
  fi
}

projects=("$@")
if [[ ${#projects[@]} -eq 0 ]]; then
  for project in tests/*.Tests; do projects+=("${project#tests/}"); done
fi

[[ " ${projects[*]} " == *" Ringback.Browser.Tests "* ]] && install_browsers

echo "test.sh: building"
dotnet build Ringback.slnx -c Release --nologo -v quiet

passed=0 failed=0 broken=0
mkdir -p artifacts/test-logs
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
