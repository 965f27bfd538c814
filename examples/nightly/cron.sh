#!/usr/bin/env bash
# One night from cron, which mails what this prints: a failing night, and the night on which it was repaired.
#   MAILTO=team@example.com
#   17 2 * * * /opt/conformance/cron.sh https://staging.example.com --rate 5 --known known.yaml
# The key is in ULTRAVOX_API_KEY, or in a file: --key-file.
set -euo pipefail
target=$1
shift
cd "${CONFORMANCE_HOME:-$(dirname "$0")}"
mkdir -p nights
exec 9> nights/lock
flock --nonblock 9 || { echo "the last night is still under way"; exit 3; }

status=0
out=nights/$(date +%F)
ultravox-conformance run --target "$target" --live --profile "${PROFILE:-nightly}" --seed "$(date +%Y%m%d)" \
  --history nights/history --out "$out" --quiet "$@" > nights/log 2>&1 || status=$?
if [ "$status" -ge 2 ]; then
  cat nights/log
  exit "$status"
fi
if [ -f nights/last/run.jsonl ]; then
  ultravox-conformance compare nights/last "$out" --html "$out/changes.html" > "$out/changes.txt" || true
fi
mkdir -p nights/last
cp "$out/run.jsonl" nights/last/run.jsonl

if [ "$status" -eq 1 ]; then
  cat "$out/issue.md"
  [ ! -f "$out/changes.txt" ] || { echo; cat "$out/changes.txt"; }
  touch nights/failing
elif [ -f nights/failing ]; then
  echo "Repaired: no rule fails. $PWD/$out/report.html"
  rm nights/failing
fi
# The reports of a quarter; the history keeps its own.
find nights -mindepth 1 -maxdepth 1 -type d -name '20*' -mtime +90 -exec rm -r {} +
exit "$status"
