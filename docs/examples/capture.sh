#!/usr/bin/env bash
# Takes a capture and fetches its file:  CAPTUREFLOW_URL=https://… CAPTUREFLOW_KEY=… capture.sh NAMESPACE/POD [DURATION [FILE]]
# Instead of NAMESPACE/POD any one place as the API takes it:  capture.sh '{"pod": "shop/web", "method": "auto"}'
# Needs curl 7.82 and jq. Ends with 0 when the capture is there and its file fetched, 1 when there is none, 2 when its verdict is one to fail on.
#   CAPTUREFLOW_TOKEN        an Entra ID token, instead of the key
#   CAPTUREFLOW_FAIL_ON      verdicts that fail, by default Partial; "none" takes them all
#   CAPTUREFLOW_ORDER_KEY    the order's Idempotency-Key, by default one for each run
#   CAPTUREFLOW_REASON       why, for the log
#   CAPTUREFLOW_OUTPUT       a file that lines are added to: id, status, verdict, proven and link, each NAME=VALUE
set -euo pipefail

url=${CAPTUREFLOW_URL:?} url=${url%/}
target=${1:?NAMESPACE/POD} duration=${2:-30s} file=${3:-capture.pcap}
[[ $target == \{* ]] || target=$(jq -n --arg pod "$target" '{pod: $pod}')

# Key and token go through a pipe: a command line can be read by every user of the machine.
call() {
    curl --silent --show-error --fail-with-body \
        -H @<(if [[ -n ${CAPTUREFLOW_TOKEN:-} ]]; then printf 'Authorization: Bearer %s\n' "$CAPTUREFLOW_TOKEN"; else printf 'x-functions-key: %s\n' "${CAPTUREFLOW_KEY:-}"; fi) "$@"
}
tell() { [[ -z ${CAPTUREFLOW_OUTPUT:-} ]] || printf '%s=%s\n' "$1" "$2" >>"$CAPTUREFLOW_OUTPUT"; }

# One key for all tries: however often the order is sent, there is one capture.
id=$(jq -n --argjson target "$target" --arg duration "$duration" --arg reason "${CAPTUREFLOW_REASON:-by capture.sh}" '{target: $target, window: {duration: $duration}, reason: $reason}' |
    call --retry 3 --json @- -H "Idempotency-Key: ${CAPTUREFLOW_ORDER_KEY:-$(cat /proc/sys/kernel/random/uuid)}" "$url/api/captures" | jq -r .id)
echo "capture $id" >&2
tell id "$id"

# Each call is answered at the next change, or after 30 seconds.
while capture=$(call --retry 3 "$url/api/captures/$id?wait=30"); do
    status=$(jq -r .status <<<"$capture")
    case $status in completed | refused | denied | expired | cancelled | failed | revokeUnproven | notDiscarded) break ;; esac
done
tell status "$status"
tell verdict "$(jq -r '.verdict // "none"' <<<"$capture")"
tell proven "$(jq -r '.revocation.proven // false' <<<"$capture")"
if [[ $status != completed ]]; then
    jq -r '"\(.status)", (.faults[] | "\(.message) \(.remedy)")' <<<"$capture" >&2
    exit 1
fi

# Where the store has links the answer is a redirect, which is followed without the key. The link that is told is the one that asks for it.
where=$url$(jq -r .links.file <<<"$capture")
tell link "$where"
link=$(call -o "$file" -w '%{redirect_url}' "$where")
[[ -z $link ]] || curl --silent --show-error --fail -o "$file" "$link"
sha256sum --quiet --check <(printf '%s  %s\n' "$(jq -r .evidence.sha256 <<<"$capture")" "$file")
jq -r '"\(.verdict): \(.evidence.packets) packets, \(.evidence.bytes) bytes"' <<<"$capture"
[[ ,${CAPTUREFLOW_FAIL_ON:-Partial}, != *,"$(jq -r .verdict <<<"$capture")",* ]] || exit 2
