#!/usr/bin/env bash
# Everything: the quick checks, the walk through the product in a real browser, then the slow and the service tests.
set -eu
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE  # many tests start Python anew
. scripts/services.sh
step() { printf '\n▸ %s\n' "$1"; }

failed=""

step "Format, lint, types, unit tests"
bash scripts/check.sh || failed+="✗ make check"$'\n'
step "Bundle budget"
node web/scripts/budget.mjs || failed+="✗ bundle budget"$'\n'
step "Browser tests"
# Two browsers on two cores are late at times: what failed beside another is tried alone before it counts.
(cd web && { npx playwright test || npx playwright test --last-failed --workers=1; }) || failed+="✗ browser tests"$'\n'
step "Slow tests, services and the oldest Agents SDK"
# Two lanes side by side; what fails is shown by its own lane, the second after the first.
# Properties, of which the quick checks try a few examples, are tried with all of them.
mkdir -p .cache
second=.cache/second-lane.log
slow="(slow or hypothesis) and not service"
{
  .venv/bin/pytest -m service -p no:cacheprovider tests &&
    bash scripts/agents-oldest.sh &&
    .venv/bin/pytest -m "$slow" -p no:cacheprovider tests/compiler tests/widgets
} >"$second" 2>&1 &
waiting=$!
.venv/bin/pytest -m "$slow" -p no:cacheprovider tests --ignore tests/compiler --ignore tests/widgets || failed+="✗ slow tests"$'\n'
if wait "$waiting"; then
  grep -E ' passed' "$second"
else
  cat "$second"
  failed+="✗ tests with services, with the oldest Agents SDK, or of widgets and compiler"$'\n'
fi
# Every step has run, so one run says all that is wrong, and its last lines where to look.
printf '%s' "$failed" >&2
[ -z "$failed" ]
