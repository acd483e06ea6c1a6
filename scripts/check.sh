#!/usr/bin/env bash
# Format, lint, types, layers and unit tests of both languages. Two lanes side by side; a failed step shows its output.
# A step whose sources are named is left out while they are what they were when it last passed; CHECK_ALL=1 leaves none out.
set -u
cd "$(dirname "$0")/.."
unset PYTHONDONTWRITEBYTECODE  # many tests start Python anew
mkdir -p .cache/check
contents() { # what a step reads: the listed paths as they are now, and what is installed
  { git ls-files -co --exclude-standard -- $1 | sort | while read -r file; do [ -f "$file" ] && printf '%s\0' "$file"; done | xargs -0 sha1sum
    stat -c %Y .venv/.ready web/node_modules/.ready; } 2>/dev/null | sha1sum
}
lane() { # name, sources, command; empty sources run each time
  local name sources now
  while [ $# -gt 0 ]; do
    name=$1 sources=$2 now=""
    [ -n "$sources" ] && [ -d .git ] && now=$(contents "$sources")
    if [ -n "$now" ] && [ -z "${CHECK_ALL:-}" ] && [ "$now" = "$(cat ".cache/check/$name.passed" 2>/dev/null)" ]; then
      printf '  ✓ %s (as it passed before)\n' "$name"
    elif bash -c "$3" >".cache/check/$name.log" 2>&1; then
      printf '  ✓ %s\n' "$name"; printf '%s\n' "$now" >".cache/check/$name.passed"
    else
      printf '  ✗ %s\n' "$name"; sed 's/^/    /' ".cache/check/$name.log"
      rm -f ".cache/check/$name.passed"; touch .cache/check/failed
    fi
    shift 3
  done
}
rm -f .cache/check/failed
quick='.venv/bin/pytest -m "not slow and not service" --hypothesis-profile=quick -p no:cacheprovider'
# The tests of widgets are in the second lane so that both take as long.
lane python-format '' '.venv/bin/ruff format --check -q src tests bench scripts docs_src examples' \
     python-lint '' '.venv/bin/ruff check -q src tests bench scripts docs_src examples' \
     generated '' 'bash scripts/gen.sh --check' \
     python-tests '' "$quick tests --ignore tests/compiler --ignore tests/widgets" &
lane web-lint '' 'cd web && npm run --silent lint' \
     web-types '' 'cd web && npm run --silent types' \
     features '' 'node web/scripts/features.mjs' \
     web-tests 'web/src web/scripts web/*.ts web/*.json spec docs/element.md src/chatkit/studio/gallery' 'cd web && npm run --silent test' \
     widget-tests '' "$quick tests/compiler tests/widgets" \
     python-types 'src pyproject.toml' 'web/node_modules/.bin/pyright' &
wait
tail -qn 1 .cache/check/python-tests.log .cache/check/widget-tests.log
[ ! -e .cache/check/failed ]
