#!/usr/bin/env bash
# A real browser and a real PostgreSQL server for the tests that need them; what is there is kept.
set -euo pipefail

has_browser() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_server() { compgen -G '/usr/lib/postgresql/*/bin/initdb' || command -v initdb; }

wanted=()
has_browser > /dev/null || wanted+=(chromium-headless-shell)
has_server > /dev/null || wanted+=(postgresql)
[ ${#wanted[@]} -eq 0 ] && exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
if ! command -v apt-get > /dev/null || ! "${as_root[@]}" true 2> /dev/null; then
    echo "The tests of the pages need ${wanted[*]}: install them, and run make test again." >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
# Where there is no Chromium without a desktop, the whole of it will do.
apt-cache show chromium-headless-shell > /dev/null 2>&1 || wanted=("${wanted[@]/#chromium-headless-shell/chromium}")
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${wanted[@]}" > /dev/null
