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
.venv/bin/pytest -m "slow or service" -p no:cacheprovider tests
step "The oldest Agents SDK that is supported"
bash scripts/agents-oldest.sh
