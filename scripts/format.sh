#!/usr/bin/env bash
# ./dev format [--check]: clang-format over the C and C++ sources.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
  '') mode=(-i) ;;
  --check) mode=(--dry-run --Werror) ;;
  *) echo "dev: format has no option '$1'; it has --check" >&2 && exit 2 ;;
esac
find . \( -path './build*' -o -path ./out -o -name '.?*' \) -prune -o -type f \( -name '*.h' -o -name '*.c' -o -name '*.cpp' \) -print0 |
  xargs -0 clang-format-22 "${mode[@]}"
