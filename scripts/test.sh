#!/usr/bin/env bash
# Everything: the quick checks, the walk through the product in a real browser, then the slow and the service tests.
set -eu
cd "$(dirname "$0")/.."
. scripts/services.sh
step() { printf '\n▸ %s\n' "$1"; }

step "Format, lint, types, unit tests"
bash scripts/check.sh
step "Bundle budget"
node web/scripts/budget.mjs
step "Browser tests"
(cd web && npx playwright test)
step "Slow and service tests"
# Side by side: the services' tests mostly wait. What fails is shown by its own lane, the services' after the others'.
mkdir -p .cache
services=.cache/service-tests.log
.venv/bin/pytest -m service -p no:cacheprovider tests >"$services" 2>&1 &
waiting=$!
slow=0
.venv/bin/pytest -m "slow and not service" -p no:cacheprovider tests || slow=$?
wait "$waiting" || { cat "$services"; exit 1; }
tail -n 1 "$services"
[ "$slow" -eq 0 ]
step "The oldest Agents SDK that is supported"
bash scripts/agents-oldest.sh
