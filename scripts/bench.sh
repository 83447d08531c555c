#!/usr/bin/env bash
# ./dev bench [kernels|networks|compile|--peers] [arguments]
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"
# shellcheck source=scripts/peers.sh
source "$root/scripts/peers.sh"

usage() {
  cat <<'HELP'
usage: ./dev bench [--json]
       ./dev bench kernels [--all] [--json] [argument…]
       ./dev bench networks [--json] [argument…]
       ./dev bench compile [network…]
       ./dev bench --peers [--json] [argument…]

  kernels    convolution + bias + ReLU, and the gradients of the convolution by data and by weights, on one core:
             GF/s and the share of the core's peak, which is measured in turn with each kernel. C = K of 64, 128, 256 at
             56, 28, 14, batches 1 and 8. Counts the time of the thread, so other work on the machine disturbs it little.
             --all: forward, C and K of 48, 64, 96, 128, 256, sizes 7 to 56, 1×1 and 3×3, strides 1 and 2 (ten minutes).
             Other arguments are those of cnnc-kernel-bench (--help lists them)
  networks   LeNet-5 and ResNet-20, inference and a training step, batches 1 and 128; arguments are those of cnnrt bench
  compile    ResNet-50, ResNet-152 and VGG-16 from ONNX files to libraries: seconds, processor time and memory, without and
             with --cache-dir, and after one layer has changed; or only the named ones of resnet50, resnet152, vgg16
  --peers    the same networks in PyTorch (eager and torch.compile, both memory formats) and here, in turn in one run, about
             five minutes: outputs compared, smallest and median times, peer ÷ cnnc; also in build/bench/peers.json.
             Needs PyTorch: taken from the virtual environment CNNC_PEERS_VENV, or else installed into build/peers (it says
             how much first). Other arguments are those of peers.py (--help lists them)

Without a word: kernels and networks. --json prints JSON lines only.
HELP
}

kernels() {
  build_targets cnnc-kernel-bench >&2
  "$build/bin/cnnc-kernel-bench" "$@"
}

networks() {
  build_targets cnnc cnnrt >&2
  mkdir -p "$build/bench"
  local model batch
  for model in digits resnet20; do
    "$build/bin/cnnc" "$root/examples/$model/$model.dsl" -o "$build/bench/$model.so"
    for batch in 1 128; do
      "$build/bin/cnnrt" bench "$build/bench/$model.so" --batch=$batch "$@"
      "$build/bin/cnnrt" bench "$build/bench/$model.so" --batch=$batch --train "$@"
    done
  done
}

compile() {
  build_targets cnnc >&2
  python3 "$root/test/bench/compile_time.py" "$build/bin/cnnc" "$build/bench" "$@"
}

compare_with_peers() {
  build_targets cnnc cnnrt >&2
  prepare_peers
  mkdir -p "$build/bench"
  "$peers/bin/python" "$root/test/bench/peers.py" "$build/bin" "$build/bench" "$@"
}

case ${1-} in
  '') kernels && networks ;;
  --json) kernels --json && networks --json ;;
  kernels) kernels "${@:2}" ;;
  networks) networks "${@:2}" ;;
  compile) compile "${@:2}" ;;
  --peers) compare_with_peers "${@:2}" ;;
  -h | --help) usage ;;
  *) usage >&2 && exit 2 ;;
esac
