# shellcheck shell=bash disable=SC2154
# PyTorch and what goes with it, for the commands that compare with it. Sourced
# after setup.sh; expects $build.

# prepare_peers: sets $peers, the virtual environment: CNNC_PEERS_VENV, or one
# in the build folder, which it fills from PyPI.
prepare_peers() {
  peers=${CNNC_PEERS_VENV:-$build/peers}
  [[ ! -x $peers/bin/python ]] || return 0
  echo "dev: installing PyTorch, torchvision, NumPy and ONNX Runtime from PyPI into $peers: about 3 GB to download, 6 GB on disk, 10 minutes" >&2
  python3 -c 'import ensurepip' 2>/dev/null || install_packages python3-venv || return 1
  # torch.compile writes C++ and binds it to Python.
  command -v g++ >/dev/null || install_packages g++ || return 1
  python3 -c 'import os, sysconfig; os.stat(sysconfig.get_path("include") + "/Python.h")' 2>/dev/null || install_packages python3-dev ||
    return 1
  rm -rf "$peers.part"
  python3 -m venv "$peers.part" &&
    "$peers.part/bin/python" -m pip install --quiet torch torchvision numpy safetensors onnx onnxruntime >&2 &&
    mv "$peers.part" "$peers"
}
