# shellcheck shell=bash disable=SC2154
# The frameworks whose ONNX files the tests read. Sourced after peers.sh;
# expects $build and $peers.

# prepare_exporters: the virtual environment CNNC_EXPORTERS_VENV, or one in the build folder, which sees PyTorch where prepare_peers has put it and
# gets the rest from PyPI. A framework that cannot be had is left out.
prepare_exporters() {
  local venv=${CNNC_EXPORTERS_VENV:-$build/exporters} packages
  [[ ! -x $venv/bin/python ]] || return 0
  echo "dev: installing Keras, TensorFlow, Paddle and their exporters from PyPI into $venv: about 1 GB to download, 3 GB on disk, 10 minutes" >&2
  rm -rf "$venv.part"
  python3 -m venv "$venv.part" || return 1
  "$peers/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    >"$("$venv.part/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/peers.pth" || return 1
  for packages in "onnx onnxruntime onnxscript" "keras tensorflow-cpu tf2onnx" "paddlepaddle paddle2onnx"; do
    # shellcheck disable=SC2086
    "$venv.part/bin/python" -m pip install --quiet $packages >&2 || echo "dev: without $packages, their networks are left out" >&2
  done
  mv "$venv.part" "$venv"
}
