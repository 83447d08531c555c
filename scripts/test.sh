#!/usr/bin/env bash
# ./dev test [--all] [path...]: lit and CTest, then one line that adds them up.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"
# shellcheck source=scripts/peers.sh
source "$root/scripts/peers.sh"
# shellcheck source=scripts/exporters.sh
source "$root/scripts/exporters.sh"
# shellcheck source=scripts/onnx_package.sh
source "$root/scripts/onnx_package.sh"

lit_arguments=() below=()
for argument in "$@"; do
  case $argument in
    --all)
      lit_arguments+=(--param all=1)
      export CNNC_TEST_ALL=1
      prepare_onnx_cases || echo "dev: without the package onnx, the newest node tests are left out" >&2
      prepare_peers || echo "dev: without PyTorch, the tests that compare with it are left out" >&2
      prepare_exporters || echo "dev: without the exporters, their networks are left out" >&2
      ;;
    -*) echo "dev: test has no option '$argument'; it has --all and paths below test/" >&2 && exit 2 ;;
    *)
      [[ -e $argument ]] || { echo "dev: no test at '$argument'" >&2 && exit 2; }
      path=$(realpath "$argument")
      [[ $path == "$root/test" || $path == "$root/test/"* ]] || { echo "dev: '$argument' is not below test/" >&2 && exit 2; }
      below+=("$build${path#"$root"}")
      ;;
  esac
done
[[ ${#below[@]} -gt 0 ]] || below=("$build/test")

results=$build/test/results
rm -rf "$results"
mkdir -p "$results"
if ! build_targets all; then
  echo "dev: the build failed, no test was run"
  echo "0 passed, 1 failed"
  exit 1
fi

lit=$(sed -n 's/^LIT:FILEPATH=//p' "$build/CMakeCache.txt")
"$lit" -sv --no-progress-bar -j "$(nproc)" "${lit_arguments[@]}" --allow-empty-runs --xunit-xml-output "$results/lit.xml" "${below[@]}" </dev/null || true

# CTest runs per folder: a file of the lit suite has none of its own.
for folder in "${below[@]}"; do
  [[ -f $folder/CTestTestfile.cmake ]] || continue
  ctest --test-dir "$folder" -j "$(nproc)" --output-on-failure --no-tests=ignore --quiet \
    --output-junit "$results/ctest${folder//\//-}.xml" </dev/null || true
done

exec python3 "$root/scripts/count_tests.py" "$results"
