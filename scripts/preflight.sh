#!/usr/bin/env bash
# What the machine must bring, checked before anything is installed: a clear line instead of a traceback.
set -u
fail() { printf '\n✗ %s\n  %s\n' "$1" "$2" >&2; exit 1; }
case "${1:-}" in
  python)
    command -v python3 >/dev/null || fail "Python was not found." "Install Python 3.11 or newer, then run make again."
    python3 -V >/dev/null 2>&1 || fail "Python was found but does not run." "Run python3 -V to see why, then make again."
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
      fail "Python $(python3 -V 2>&1 | cut -d' ' -f2) is too old." "Install Python 3.11 or newer, then run make again."
    python3 -c 'import venv, ensurepip' 2>/dev/null ||
      fail "Python has no venv module." "On Debian and Ubuntu: apt-get install python3-venv"
    ;;
  node)
    command -v npm >/dev/null || fail "Node.js with npm was not found." "Install Node.js 20 or newer, then run make again."
    [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] ||
      fail "Node.js $(node -v) is too old." "Install Node.js 20 or newer, then run make again."
    ;;
  offline)
    fail "The packages could not be installed." "Read the lines above; when they speak of a connection, check the network or the package registry settings, then run make again."
    ;;
esac
