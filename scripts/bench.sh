#!/usr/bin/env bash
# ./dev bench [kernels|networks] [arguments]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

usage() {
  cat <<'HELP'
usage: ./dev bench [kernels [argument…] | networks [argument…]]

  kernels    each convolution and its gradients on one core, as a share of the core's measured peak;
             arguments are those of cnnc-kernel-bench (--help lists them)
  networks   LeNet-5 and ResNet-20, inference and a training step; arguments are those of cnnrt bench

Without a word: both, the kernels for batches of 1 and 8.
HELP
}

# Convolution + bias + ReLU: C, K, size, kernel, stride.
# shellcheck disable=SC2054
shapes=(
  64,64,56,3,1 64,128,56,3,1 128,128,28,3,1 128,256,28,3,1 256,256,14,3,1 256,256,28,3,1
  64,64,56,1,1 128,128,28,1,1 256,256,14,1,1 64,128,56,3,2 128,256,28,3,2
)

kernels() {
  build_targets cnnc-kernel-bench
  if [[ $# -gt 0 ]]; then
    "$build/bin/cnnc-kernel-bench" "$@"
  else
    "$build/bin/cnnc-kernel-bench" --n=1 "${shapes[@]}"
    "$build/bin/cnnc-kernel-bench" --n=8 "${shapes[@]}"
  fi
}

networks() {
  build_targets cnnc cnnrt
  mkdir -p "$build/bench"
  local model batch
  for model in digits resnet20; do
    "$build/bin/cnnc" "$root/examples/$model/$model.dsl" -o "$build/bench/$model.so"
    for batch in 1 128; do
      echo "$model, batch $batch: inference, then a training step"
      "$build/bin/cnnrt" bench "$build/bench/$model.so" --batch=$batch "$@"
      "$build/bin/cnnrt" bench "$build/bench/$model.so" --batch=$batch --train "$@"
    done
  done
}

case ${1-} in
  '') kernels && networks ;;
  kernels) kernels "${@:2}" ;;
  networks) networks "${@:2}" ;;
  -h | --help) usage ;;
  *) usage >&2 && exit 2 ;;
esac
