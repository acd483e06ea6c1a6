#!/usr/bin/env bash
# The demo with reload: the server on changed Python, the browser on changed TypeScript. Stops both on Ctrl-C.
set -eu
cd "$(dirname "$0")/.."
trap 'kill $(jobs -p) 2>/dev/null' EXIT
(cd web && node_modules/.bin/vite build --watch --logLevel warn) &
.venv/bin/python -m chatkit demo --reload "$@"
