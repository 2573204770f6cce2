#!/usr/bin/env bash
# Finds or makes the Python that grades: 3.11 or newer (no release candidate), outside /root (student code runs as
# another user), with the pinned requirements. Quick where the base image has them; otherwise a virtual environment in
# $AUTOGRADER_VENV. Stops with the reason.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
requirements=$here/requirements.txt
venv=${AUTOGRADER_VENV:-/opt/autograder-venv}
own_python=${AUTOGRADER_PYTHON:-/opt/autograder-python}
torch_index=${AUTOGRADER_TORCH_INDEX:-https://download.pytorch.org/whl/cpu}

fail() { echo "setup.sh: $*" >&2; exit 1; }

# Prints what this Python lacks; prints nothing when it fits.
lacks() {
  "$1" - "$requirements" <<'PY' 2>&1 || echo "it does not run"
import os, sys
from importlib.metadata import PackageNotFoundError, version

if sys.version_info < (3, 11) or sys.version_info.releaselevel != "final":
    print(f"it is Python {sys.version.split()[0]}, not a release of 3.11 or newer")
elif any(os.path.realpath(p).startswith("/root/") for p in (sys.prefix, sys.base_prefix)):
    print("it lies under /root, where student code of another user cannot read it")
else:
    for line in open(sys.argv[1], encoding="utf-8"):
        name, _, pin = line.split("#")[0].strip().partition("==")
        if not name:
            continue
        try:
            found = version(name.split("[")[0])
        except PackageNotFoundError:
            print(f"{name} is not installed")
            break
        if pin and found.split("+")[0] != pin:
            print(f"{name} is {found}, not {pin}")
            break
PY
}

use() {
  "$1" -c 'import sys; print(sys.executable)' > "$here/python-path"
  echo "setup.sh: grading with $(cat "$here/python-path") ($("$1" --version))"
}

[ -s "$requirements" ] || fail "there is no $requirements"
for python in "$venv/bin/python" "$(command -v python3 || true)" "$(command -v python || true)"; do
  [ -n "$python" ] && [ -x "$python" ] || continue
  reason=$(lacks "$python")
  if [ -z "$reason" ]; then use "$python"; exit 0; fi
  echo "setup.sh: $python does not do: $reason"
done

# Whether this Python can be the base of the environment.
good_base() {
  "$1" - <<'PY' >/dev/null 2>&1
import ensurepip, os, sys, venv

under_root = os.path.realpath(sys.base_prefix).startswith("/root/")
sys.exit(sys.version_info < (3, 11) or sys.version_info.releaselevel != "final" or under_root)
PY
}
find_base() {
  local name path
  for name in "$own_python"/*/bin/python3 python3.13 python3.12 python3.11 python3; do
    path=$(command -v "$name" || true)
    if [ -n "$path" ] && good_base "$path"; then
      echo "$path"; return 0
    fi
  done
  return 1
}

if ! base=$(find_base); then
  command -v apt-get >/dev/null || fail "no Python 3.11 or newer with venv, and no apt-get to install one"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq || fail "apt-get update failed: is there a network?"
  apt-get install -y -qq ca-certificates python3 python3-venv >/dev/null || fail "apt-get cannot install python3-venv"
  if ! base=$(find_base); then  # Ubuntu 22.04: Python 3.10, and 3.11 as a release candidate that PyTorch does not load on
    echo "setup.sh: this system's Python is too old; fetching Python 3.12 with uv"
    python3 -m venv /tmp/uv && /tmp/uv/bin/pip install -q uv || fail "pip cannot install uv"
    UV_PYTHON_INSTALL_DIR=$own_python /tmp/uv/bin/uv python install 3.12 \
      || fail "this system has no Python 3.11 or newer, and uv cannot fetch one; take a base image that has it"
    rm -rf /tmp/uv
    base=$(find_base) || fail "the Python in $own_python cannot make virtual environments"
    chmod -R a+rX "$own_python"
  fi
fi

echo "setup.sh: making $venv with $base (some minutes)"
rm -rf "$venv"
"$base" -m venv "$venv" || fail "cannot make a virtual environment in $venv"
torch=$(grep -E '^torch==' "$requirements" || true)
if [ -n "$torch" ] && ! "$venv/bin/pip" install -q --index-url "$torch_index" "$torch"; then
  echo "setup.sh: no CPU build of $torch at $torch_index; taking the one of the package index"
fi
"$venv/bin/pip" install -q -r "$requirements" || fail "pip cannot install $requirements (see above)"
reason=$(lacks "$venv/bin/python")
[ -z "$reason" ] || fail "the new environment does not do: $reason"
chmod -R a+rX "$venv"
use "$venv/bin/python"
