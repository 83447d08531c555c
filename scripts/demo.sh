#!/usr/bin/env bash
# ./dev demo [folder]: from digits.dsl to a C program that trains and classifies.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:-$root/build/demo}
export PATH=$root/build/bin:$PATH
example=$root/examples/digits

mkdir -p "$out"
cd "$out"
ln -sfn "$example/data" data

# say <text>: a heading; run <command>...: shows the command and runs it.
say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() {
  printf '\033[2m$ %s\033[0m\n' "$*"
  "$@"
}

say "Compile the network into a library and its header"
run cnnc "$example/digits.dsl" -o digits.so
ls -sh digits.so digits.h

say "Train it on handwritten digits"
rm -rf run1
run cnnrt train digits.so --out=run1

say "Test it on digits it has never seen"
run cnnrt eval digits.so --weights=run1/best.safetensors --show=10

say "Embed it: a C program with nothing but digits.h"
python3 "$example/raw.py" "$example/data" .
run clang-22 -std=c99 -O2 -Wall -I. "$example/main.c" ./digits.so -Wl,-rpath,"\$ORIGIN" -o digits
run ./digits run1/best.safetensors

say "Next"
cat <<NEXT
Everything is in $out: digits.so, digits.h, run1/curve.svg, run1/best.safetensors, run1/log.jsonl, digits.
Three commands to try there (after: cd $out; export PATH=$root/build/bin:\$PATH):
  cnnrt run digits.so --weights=run1/best.safetensors --in seven.png
  cnnrt train digits.so --out=run2 --set optimizer.lr=0.01 --set 'stop=5 epochs'
  cnnc $example/digits.dsl --emit=tiled | less
NEXT
