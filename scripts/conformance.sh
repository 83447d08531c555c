#!/usr/bin/env bash
# ./dev conformance: ONNX's node tests, and the page that tells which pass.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"
# shellcheck source=scripts/onnx_package.sh
source "$root/scripts/onnx_package.sh"

[[ $# -eq 0 ]] || { echo "dev: conformance has no option '$1'" >&2 && exit 2; }
prepare_onnx_cases
data=/usr/share/libonnx-testdata/data
exec python3 "$root/test/conformance/table.py" "$build/bin/cnnc" "$build/bin/cnnrt" "$root/docs/onnx-conformance.md" "$build/conformance" \
  "Debian=$data/node" "PyTorch=$data/pytorch-operator,$data/pytorch-converted" "newest=${cases:?}"
