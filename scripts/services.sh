# What the tests drive: browsers, PostgreSQL, Redis. Taken as found, else from Debian's packages, else said plainly.
# Sourced. Sets CHROMIUM. Firefox, WebKit, PostgreSQL and Redis are optional: their tests skip with their reason.
find_browser() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    [ -n "$name" ] && command -v "$name" && return
  done
  return 0
}
install_packages() {
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
  echo "▸ Installing $* (once)"
  apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
CHROMIUM=$(find_browser)
if [ -z "$CHROMIUM" ]; then
  install_packages chromium fonts-noto-core fonts-noto-color-emoji || true
  CHROMIUM=$(find_browser)
fi
if [ -z "$CHROMIUM" ]; then
  echo "✗ The browser tests need Chromium. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path." >&2
  exit 1
fi
export CHROMIUM
{ command -v firefox-esr || command -v firefox; } >/dev/null || install_packages firefox-esr ||
  echo "  Firefox is missing; its tests will be skipped."
command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null || install_packages webkit2gtk-driver xvfb ||
  echo "  WebKit is missing; its tests will be skipped."
command -v redis-server >/dev/null && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
  install_packages redis-server postgresql || echo "  PostgreSQL or Redis is missing; their tests will be skipped."
