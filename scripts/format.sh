#!/usr/bin/env bash
# ./dev format [--check]: clang-format over the sources that git knows.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case ${1-} in
  '') mode=(-i) ;;
  --check) mode=(--dry-run --Werror) ;;
  *) echo "dev: format has no option '$1'; it has --check" >&2 && exit 2 ;;
esac
git ls-files -z '*.h' '*.c' '*.cpp' | xargs -0 clang-format-22 "${mode[@]}"
