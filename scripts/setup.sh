# shellcheck shell=bash disable=SC2154
# What every command needs first: packages, a configured build. Sourced by dev
# and the scripts it starts; expects $root and $build.
set -o pipefail

export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1 CCACHE_PCH_EXTSUM=1

packages=(
  cmake ninja-build ccache pkg-config python3 python3-pip protobuf-compiler libprotobuf-dev
  clang-22 lld-22 libclang-rt-22-dev llvm-22-dev llvm-22-tools liblld-22-dev libmlir-22-dev mlir-22-tools
  libfmt-dev libpng-dev zlib1g-dev libxxhash-dev libzip-dev nlohmann-json3-dev libcli11-dev libgtest-dev libgmock-dev libonnx-testdata
)

# as_root <command>...: the command itself for root, through sudo for others.
as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "dev: installing packages needs root; run as root: $*" >&2
    exit 1
  fi
}

# install_packages <package>...: installs those that are missing, after saying what it costs.
install_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null || {
    echo "dev: not a Debian system; taking for granted: $*" >&2
    return 0
  }
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0

  local plan
  if ! plan=$(simulate "${missing[@]}" 2>/dev/null); then
    echo "dev: reading the package lists (apt-get update)"
    as_root apt-get update -qq
    plan=$(simulate "${missing[@]}") || {
      echo "dev: apt cannot install ${missing[*]}; Debian 12 has them in 'deb http://deb.debian.org/debian-security bookworm-security main'" >&2
      exit 1
    }
  fi
  echo "dev: installing $(fold -s -w 110 <<<"${missing[*]}" | sed '2,$s/^/dev:            /')"
  cost "$plan"
  local log
  log=$(mktemp)
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" \
    </dev/null >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    echo "dev: the installation failed; all of its output is in $log" >&2
    exit 1
  }
  rm -f "$log"
}

# simulate <package>...: prints what apt would install, name=version, and changes nothing.
simulate() {
  LC_ALL=C apt-get install -s --no-install-recommends "$@" | awk '/^Inst/ { v = $3 ~ /^\[/ ? $4 : $3; sub(/^\(/, "", v); print $2 "=" v }'
}

# cost <name=version lines>: packages, megabytes and minutes; 10 MB/s to download, 15 MB/s to unpack.
cost() {
  # shellcheck disable=SC2086
  LC_ALL=C apt-cache show $1 | awk '
    /^Package:/ { packages++ }
    /^Size:/ { download += $2 / 1e6 }
    /^Installed-Size:/ { disk += $2 / 1e3 }
    END {
      printf "dev:   %d packages with what they need: %.0f MB to download, %.0f MB on disk, ", packages, download, disk
      printf "about %d min\n", (download / 10 + disk / 15) / 60 + 1
    }'
}

# jobs: compilers at once, one per core and per 1.5 GB of memory.
jobs() {
  local cores memory
  cores=$(nproc)
  memory=$(($(awk '/^MemAvailable/ { print $2 }' /proc/meminfo) / 1500000))
  echo "${BUILD_JOBS:-$((memory < 1 ? 1 : memory < cores ? memory : cores))}"
}

# configure [cmake option]…: makes $build.
configure() {
  cmake --fresh -G Ninja -S "$root" -B "$build" "$@" \
    -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O1 \
    -DCMAKE_C_COMPILER=clang-22 -DCMAKE_CXX_COMPILER=clang++-22 \
    -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
    -DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=lld -DCMAKE_SHARED_LINKER_FLAGS=-fuse-ld=lld \
    -DCMAKE_PREFIX_PATH=/usr/lib/llvm-22
}

prepare() {
  install_packages "${packages[@]}"
  [[ -f $build/build.ninja ]] || configure
}

# build_targets <target>...: "all" is everything.
build_targets() {
  cmake --build "$build" -j "$(jobs)" --target "$@"
}
