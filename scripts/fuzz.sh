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
mkdir -p "$finds"
python3 "$root/test/fuzz/seeds.py" "$root" "$build/seeds"

# LLVM's libraries are not instrumented, and our code, which is, shares its containers and its BumpPtrAllocator with them: what our
# copy of the inlined code has poisoned, theirs uses without taking the poison away.
export ASAN_OPTIONS=detect_container_overflow=0:allow_user_poisoning=0 UBSAN_OPTIONS=print_stacktrace=1

# dismiss <target>: removes inputs that were slow by the clock and take less than 10 s of a processor: the machine was busy.
dismiss() {
  local input
  for input in "$finds/$1"-slow-unit-* "$finds/$1"-timeout-*; do
    [[ -f $input ]] || continue
    (ulimit -t 10 && exec "$build/test/fuzz/$1-fuzz" -timeout=600 "$input" >/dev/null 2>&1) && rm "$input"
  done
  return 0
}

# fuzz <target>: its output goes to a log. What takes 10 s is written down; what takes 100 s ends the run.
fuzz() {
  rm -f "$finds/$1"[.-]*
  mkdir -p "$build/corpus/$1"
  "$build/test/fuzz/$1-fuzz" -max_total_time=$((minutes * 60)) -report_slow_units=10 -timeout=100 -rss_limit_mb=2048 -max_len=16384 \
    -print_final_stats=1 -artifact_prefix="$finds/$1-" "$build/corpus/$1" "$build/seeds/$1" >"$finds/$1.log" 2>&1 || true
  dismiss "$1"
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
  executions=$(awk '/stat::number_of_executed_units/ { n = $2 } END { print n + 0 }' "$finds/$target.log")
  echo "$target: $executions executions, $found finds"
  [[ $found -eq 0 && $executions -gt 0 ]] || failed=1
  [[ $found -eq 0 ]] || grep -m 3 -E 'ERROR|runtime error|the input ' "$finds/$target.log" || true
done
exit $failed
