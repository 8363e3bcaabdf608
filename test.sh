#!/usr/bin/env bash
# Builds everything and runs every test. Ends with "N passed, N failed" from the runners' own counts; fails if a test failed or none ran.
# Usage: ./test.sh [PROJECT ...]   for example ./test.sh Ringback.Engine.Tests
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

fail() { echo "test.sh: $1" >&2; exit 1; }
command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing. Install it and put dotnet on the PATH."

projects=("$@")
if [[ ${#projects[@]} -eq 0 ]]; then
  for project in tests/*.Tests; do projects+=("${project#tests/}"); done
fi

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
