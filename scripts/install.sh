#!/usr/bin/env bash
# ./dev install [--prefix <dir>]; a relative folder is one of the caller's. CNNC_BUILD names another build to install.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${CNNC_BUILD:-$root/build}
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

prefix=/usr/local
[[ $(id -u) -eq 0 ]] || prefix=$HOME/.local
case ${1-} in
  '') ;;
  --prefix) prefix=${2:?dev: --prefix needs a folder} ;;
  --prefix=*) prefix=${1#--prefix=} ;;
  *) echo "dev: install has no option '$1'; it has --prefix <dir>" >&2 && exit 2 ;;
esac

# A shell leaves the ~ of --prefix=~/cnnc alone.
prefix=$(realpath -m "${prefix/#\~\//$HOME/}")

build_targets cnnc cnnrt cnnc-core cnnc-core-asan cnnc-core-tsan
if ! mkdir -p "$prefix/bin" 2>/dev/null || [[ ! -w $prefix/bin ]]; then
  echo "dev: cannot write below '$prefix' as $(id -un); choose another --prefix or install as root" >&2
  exit 1
fi
cmake --install "$build" --prefix "$prefix" | grep -v Up-to-date
echo "dev: installed below $prefix"
case :$PATH: in
  *":$prefix/bin:"*) ;;
  *) echo "dev: $prefix/bin is not on the PATH; add: export PATH=$prefix/bin:\$PATH" ;;
esac
