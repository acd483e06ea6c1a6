#!/usr/bin/env bash
# Everything: the quick checks, the walk through the product in a real browser, then the slow and the service tests.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE  # many tests start Python anew
. scripts/services.sh
step() { printf '\n▸ %s\n' "$1"; }

step "Format, lint, types, unit tests"
bash scripts/check.sh
step "Bundle budget"
node web/scripts/budget.mjs
step "Browser tests"
(cd web && npx playwright test)
step "Slow tests, services and the oldest Agents SDK"
# Side by side: the services' tests mostly wait. What fails is shown by its own lane, the second after the first.
# Properties, of which the quick checks try a few examples, are tried with all of them.
mkdir -p .cache
second=.cache/second-lane.log
{
  .venv/bin/pytest -m service -p no:cacheprovider tests && bash scripts/agents-oldest.sh
} >"$second" 2>&1 &
waiting=$!
slow=0
.venv/bin/pytest -m "(slow or hypothesis) and not service" -p no:cacheprovider tests || slow=$?
wait "$waiting" || { cat "$second"; exit 1; }
grep -E ' passed' "$second"
[ "$slow" -eq 0 ]
