#!/bin/sh
# Installs what the foreign clients need: npm packages here, Python packages under target/. What is
# missing of node, npm and Python's venv comes from apt, if this may use it.
set -eu
cd "$(dirname "$0")"
venv=../../target/interop

need=""
node --version > /dev/null 2>&1 || need="$need nodejs"
npm --version > /dev/null 2>&1 || need="$need npm"
python3 -c "import ensurepip, venv" 2> /dev/null || need="$need python3-venv"
if [ -n "$need" ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "install what Debian calls$need, then try again" >&2
    exit 1
  fi
  echo "installing:$need"
  apt-get update
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $need
fi

echo "npm ci in tests/interop"
npm ci --no-audit --no-fund

wanted=$(cat requirements.txt)
if [ "$(cat "$venv/installed.txt" 2> /dev/null || true)" = "$wanted" ]; then
  echo "target/interop has tests/interop/requirements.txt already"
  exit 0
fi
echo "python3 -m venv target/interop; pip install -r tests/interop/requirements.txt"
python3 -m venv --clear "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
echo "$wanted" > "$venv/installed.txt"
