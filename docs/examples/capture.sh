#!/usr/bin/env bash
# Takes a capture and fetches its file:  CAPTUREFLOW_URL=https://… CAPTUREFLOW_KEY=… capture.sh NAMESPACE/POD [DURATION [FILE]]
# Needs curl 7.82 and jq.
set -euo pipefail

url=${CAPTUREFLOW_URL:?}
pod=${1:?NAMESPACE/POD} duration=${2:-30s} file=${3:-capture.pcap}

# The key goes through a pipe: a command line can be read by every user of the machine.
call() { curl --silent --show-error --fail-with-body -H @<(printf 'x-functions-key: %s\n' "${CAPTUREFLOW_KEY:-}") "$@"; }

# One key for all tries: however often the order is sent, there is one capture.
id=$(jq -n --arg pod "$pod" --arg duration "$duration" '{target: {pod: $pod}, window: {duration: $duration}, reason: "by capture.sh"}' |
    call --retry 3 --json @- -H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" "$url/api/captures" | jq -r .id)
echo "capture $id" >&2

# Each call is answered at the next change, or after 30 seconds.
while capture=$(call --retry 3 "$url/api/captures/$id?wait=30"); do
    status=$(jq -r .status <<<"$capture")
    case $status in completed | refused | denied | expired | cancelled | failed | revokeUnproven) break ;; esac
done
if [[ $status != completed ]]; then
    jq -r '"\(.status)", (.faults[] | "\(.message) \(.remedy)")' <<<"$capture" >&2
    exit 1
fi

# Where the store has links the answer is a redirect, which is followed without the key.
link=$(call -o "$file" -w '%{redirect_url}' "$url$(jq -r .links.file <<<"$capture")")
[[ -z $link ]] || curl --silent --show-error --fail -o "$file" "$link"
sha256sum --quiet --check <(printf '%s  %s\n' "$(jq -r .evidence.sha256 <<<"$capture")" "$file")
jq -r '"\(.verdict): \(.evidence.packets) packets, \(.evidence.bytes) bytes"' <<<"$capture"
