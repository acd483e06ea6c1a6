#!/usr/bin/env bash
# Format, lint, types, layers and unit tests of both languages. Two lanes side by side; a failed step shows its output.
set -u
cd "$(dirname "$0")/.."
mkdir -p .cache/check
lane() {
  local name
  while [ $# -gt 0 ]; do
    name=$1
    if bash -c "$2" >".cache/check/$name.log" 2>&1; then printf '  ✓ %s\n' "$name"; else
      printf '  ✗ %s\n' "$name"; sed 's/^/    /' ".cache/check/$name.log"; touch .cache/check/failed
    fi
    shift 2
  done
}
rm -f .cache/check/failed
lane python-format '.venv/bin/ruff format --check -q src tests bench scripts docs_src examples' \
     python-lint '.venv/bin/ruff check -q src tests bench scripts docs_src examples' \
     generated 'bash scripts/gen.sh --check' \
     python-tests '.venv/bin/pytest -m "not slow and not service" -p no:cacheprovider tests' &
lane web-lint 'cd web && npm run --silent lint' \
     web-types 'cd web && npm run --silent types' \
     features 'node web/scripts/features.mjs' \
     web-tests 'cd web && npm run --silent test' \
     python-types 'web/node_modules/.bin/pyright' &
wait
tail -n 1 .cache/check/python-tests.log
[ ! -e .cache/check/failed ]
