#!/usr/bin/env bash
# Compares what two builds of xiaobao find, byte by byte: in the labelled texts
# of testdata/eval and in the sample institution. For changes that may make
# screening faster and nothing else.
#
#   scripts/same-signals.sh OLD NEW    two binaries
set -euo pipefail

if [[ $# -ne 2 ]]; then
	echo "usage: scripts/same-signals.sh OLD NEW" >&2
	exit 2
fi
old=$(realpath "$1") new=$(realpath "$2")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

"$old" sample write "$work/sample" >/dev/null

compare() { # compare FILE COMMAND…
	local file=$1 lines
	shift
	"$old" "$@" "$file" >"$work/old"
	"$new" "$@" "$file" >"$work/new"
	lines=$(wc -l <"$work/old")
	if [[ $lines -eq 0 ]]; then
		echo "$1 $file: no output to compare" >&2
		exit 1
	fi
	cmp "$work/old" "$work/new"
	echo "$1 $(basename "$file"): $lines lines, the same"
}

for file in testdata/eval/screen*.jsonl "$work/sample/touchpoints.jsonl"; do
	compare "$file" screen
done
for file in testdata/eval/review*.jsonl; do
	compare "$file" review --jsonl
done
