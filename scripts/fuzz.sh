#!/usr/bin/env bash
# Feeds random files to all that reads files, under ASan and UBSan; see --help.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/fuzz
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

usage() {
  cat <<'HELP'
usage: ./dev fuzz [minutes [target…]]

Builds the readers with ASan, UBSan and libFuzzer in build/fuzz and runs each target for so many minutes (default: 5),
as many at once as there are cores. What a target has learnt stays in build/fuzz/corpus, and the next run starts from it.

targets: onnx, dsl, safetensors, readers (default: all)

Ends in one line for each target. An input that crashes, hangs, leaks or needs more than 2 GB is written to
build/fuzz/finds, and the exit code is 1; to see what it does: build/fuzz/test/fuzz/onnx-fuzz <input>
HELP
}

[[ ${1:-} != -h && ${1:-} != --help ]] || { usage && exit 0; }
minutes=${1:-5}
[[ $minutes =~ ^[1-9][0-9]*$ ]] || { echo "dev: '$minutes' is no number of minutes; ./dev fuzz --help" >&2 && exit 2; }
shift || true
targets=("${@:-onnx}")
[[ $# -gt 0 ]] || targets=(onnx dsl safetensors readers)
for target in "${targets[@]}"; do
  [[ -f $root/test/fuzz/seeds.py && " onnx dsl safetensors readers " == *" $target "* ]] || { echo "dev: no fuzz target '$target'; ./dev fuzz --help lists them" >&2 && exit 2; }
done

[[ -f $build/build.ninja ]] || configure -DCNNC_FUZZ=ON
build_targets "${targets[@]/%/-fuzz}"
finds=$build/finds
rm -rf "$finds"
mkdir -p "$finds"
python3 "$root/test/fuzz/seeds.py" "$root" "$build/seeds"

# fuzz <target>: its output goes to a log.
fuzz() {
  mkdir -p "$build/corpus/$1"
  # LLVM's libraries are not instrumented: memory that they and we share looks wrong where it is not.
  ASAN_OPTIONS=detect_container_overflow=0:allow_user_poisoning=0 UBSAN_OPTIONS=print_stacktrace=1 \
    "$build/test/fuzz/$1-fuzz" -max_total_time=$((minutes * 60)) -timeout=10 -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 \
    -artifact_prefix="$finds/$1-" "$build/corpus/$1" "$build/seeds/$1" >"$finds/$1.log" 2>&1 || return 1
}

running=0
for target in "${targets[@]}"; do
  fuzz "$target" &
  running=$((running + 1))
  [[ $running -lt $(nproc) ]] || { wait -n || true; running=$((running - 1)); }
done
wait

failed=0
for target in "${targets[@]}"; do
  found=$(find "$finds" -name "$target-*" -size +0 | wc -l)
  echo "$target: $(awk '/stat::number_of_executed_units/ { n = $2 } END { print n + 0 }' "$finds/$target.log") executions, $found finds"
  [[ $found -eq 0 ]] || failed=1
  [[ $found -eq 0 ]] || grep -m 3 -E 'ERROR|runtime error|the input ' "$finds/$target.log" || true
done
exit $failed
