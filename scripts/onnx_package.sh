# shellcheck shell=bash disable=SC2154
# The package onnx, which makes the newest node tests. Sourced after setup.sh;
# expects $build.

# prepare_onnx_cases: sets $cases, the folder of the node tests; the package comes from CNNC_ONNX_VENV, or from one in the build folder, which it
# fills from PyPI.
prepare_onnx_cases() {
  local venv=${CNNC_ONNX_VENV:-$build/onnx-package}
  cases=$build/onnx-cases
  if [[ ! -x $venv/bin/python ]]; then
    echo "dev: installing onnx from PyPI into $venv: about 40 MB to download, 200 MB on disk, 1 minute" >&2
    python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv || return 1
    rm -rf "$venv.part"
    python3 -m venv "$venv.part" && "$venv.part/bin/python" -m pip install --quiet onnx >&2 && mv "$venv.part" "$venv" || return 1
  fi
  if [[ ! -d $cases ]]; then
    rm -rf "$cases.part"
    "$venv/bin/python" "$root/test/conformance/generate_cases.py" "$cases.part" >&2 && mv "$cases.part" "$cases"
  fi
}
