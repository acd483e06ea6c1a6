#!/usr/bin/env bash
# Python types → JSON Schema → TypeScript types; docstrings and tables → reference pages; examples → guides.
# With --check nothing is written; differences fail.
set -euo pipefail
cd "$(dirname "$0")/.."

.venv/bin/python scripts/gen_schema.py "$@"
if [[ -f web/scripts/gen-types.mjs ]]; then
  (cd web && node scripts/gen-types.mjs "$@")
fi
.venv/bin/python scripts/reference.py "$@"
.venv/bin/python scripts/guides.py "$@"
.venv/bin/python scripts/language_pages.py "$@"
