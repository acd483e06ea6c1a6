#!/usr/bin/env bash
# Runs the tests of chatkit.agents on the oldest Agents SDK that is supported, in a venv of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
version=0.6.0  # November 2025; a change of the packages below needs a change of `made`
made="$version 2"
venv=.cache/agents-oldest
if [ "$(cat "$venv/.ready" 2>/dev/null)" != "$made" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" --disable-pip-version-check install -q "openai-agents==$version" openai==2.8.1 \
    pydantic jinja2 jsonschema-rs pytest pytest-asyncio hypothesis httpx
  echo "$made" >"$venv/.ready"
fi
PYTHONPATH=src exec "$venv/bin/python" -m pytest -p no:cacheprovider tests/agents "$@"
