# The tap: a capture that bounds itself, whoever started it. POSIX sh (dash, busybox ash, bash), one argument to `sh -c`.
#
#   sh -c TAP captureflow ID WINDOW MARGIN HARD LIFE MAXBYTES MAXPACKETS CANARY tcpdump ARGUMENT…
#
#   WINDOW      centiseconds from *listening*         MARGIN      centiseconds more for the tail that the kernel still holds
#   HARD        seconds after which timeout(1) ends tcpdump, should this shell hang
#   LIFE        seconds after which this container ends in any case
#   MAXBYTES    size bound of the file; 0 when the packet count bounds it     MAXPACKETS  tcpdump's -c; 0 for none
#   CANARY      1: at both ends of the window send one datagram to the discard port of our own loopback, where the filter admits it
#
# Exit codes: 64 the filter does not compile, 65 tcpdump cannot capture here, 66 tcpdump ended before it listened,
# 127 there is no tcpdump, 0 else.
# Files in /tmp/captureflow/ID: capture.pcap, tcpdump.log, pid, listening, summary, room, spare; asked by: stop, released.
#
# A node's toolbox sets CAPTUREFLOW_ROOT (instead of /tmp/captureflow), CAPTUREFLOW_UMASK (so that the file can be fetched by who is not root), and
# CAPTUREFLOW_NAP, the longest rest in centiseconds (nobody there may send this shell a signal). A pod that is somebody else's sets CAPTUREFLOW_HOLD:
# how many centiseconds the deletion of the pod, which is a TERM that no release goes with, may be held up for the file to be fetched; unset, none.
#
# Kubernetes replaces names of variables in dollar-parentheses, and halves doubled dollar signs, in a container's command: neither may
# stand here, hence `self`.
umask "${CAPTUREFLOW_UMASK:-077}"
longest=${CAPTUREFLOW_NAP:-6000}
hold=${CAPTUREFLOW_HOLD:-0}
read -r self _ </proc/self/stat
id=$1 window=$2 margin=$3 hard=$4 life=$5 maxbytes=$6 maxpackets=$7 canary=$8
shift 8
dir=${CAPTUREFLOW_ROOT:-/tmp/captureflow}/$id
file=$dir/capture.pcap
log=$dir/tcpdump.log
# An image that could not be pulled may come after all, hours later, when nobody waits for this tap any more.
past() { [ -n "$1" ] && [ "$(date -u +%Y%m%d%H%M%S)" -ge "$(printf %s "$1" | tr -dc 0-9)" ]; }
if past "$CAPTUREFLOW_DEADLINE"; then exit 0; fi
# Whoever has waited for it that long has gone on: an image that came late must not start a capture that nobody ends.
if past "$CAPTUREFLOW_START_BY"; then
    echo "it is $(date -u +%Y-%m-%dT%H:%M:%SZ) here, and the tap was to start by $CAPTUREFLOW_START_BY" >&2
    exit 67
fi
mkdir -p "$dir" && cd "$dir" || exit 65
if [ -n "$BASH_VERSION" ]; then set -o posix; fi # ulimit -f in blocks of 512 bytes, as everywhere else

# Centiseconds of a clock that nobody can set; no fork.
now() {
    read -r up _ </proc/uptime
    cs=$((${up%.*} * 100 + 1${up#*.} - 100))
}
now
born=$cs
term='' woke='' nap=''
# A signal may come between a look and the wait for the next one: the handler then ends that wait.
wake() {
    woke=1
    [ -n "$nap" ] && kill "$nap" 2>/dev/null
}
trap wake USR1
trap 'term=1; wake' TERM
trap '' INT HUP PIPE XFSZ
if sleep 0.01 2>/dev/null; then fine=1; else fine=''; fi

# Waits up to $1 centiseconds, or until a signal.
rest() {
    [ -n "$woke" ] && return
    t=$1
    if [ "$t" -lt 1 ]; then t=1; fi
    if [ -n "$fine" ]; then
        h=$((t % 100))
        if [ $h -lt 10 ]; then h=0$h; fi
        sleep $((t / 100)).$h &
    else
        sleep $(((t + 99) / 100)) &
    fi
    nap=$!
    [ -n "$woke" ] && kill "$nap" 2>/dev/null
    wait "$nap"
    nap=''
}
size() { stat -c %s "$1" 2>/dev/null || wc -c <"$1"; }
publish() { # NAME TEXT: whole or not at all
    printf '%s\n' "$2" >"$1.new" && mv "$1.new" "$1"
}
# The watchdog that outlives a hung shell. Killing pid 1 of a namespace from inside does nothing, killing all its children does;
# where pid 1 is somebody else's (a shared process namespace), only this shell may be killed.
guard() {
    trap - TERM USR1
    sleep $((life + 10)) &
    trap 'kill $! 2>/dev/null; exit' TERM
    wait $!
    if [ "$self" = 1 ]; then kill -KILL -1; else kill -KILL "$self"; fi
}
leave() {
    kill "$guarding" 2>/dev/null
    [ -n "$running" ] && kill -KILL "$running" 2>/dev/null
    cd / && { [ -z "$term" ] || [ -f "$dir/released" ]; } && rm -rf "$dir"
    exit "$1"
}
# The canary as a capture file of one packet: linux cooked v2, 127.0.0.1:40000 to 127.0.0.1:9, UDP. What the filter says of it decides.
sample() {
    printf '\324\303\262\241\002\000\004\000\000\000\000\000\000\000\000\000\000\000\004\000\024\001\000\000'
    printf '\001\000\000\000\000\000\000\000\100\000\000\000\100\000\000\000\010\000\000\000\000\000\000\001\003\004\004\006\000\000\000\000\000\000\000\000'
    printf '\105\000\000\054\000\000\100\000\100\021\074\277\177\000\000\001\177\000\000\001\234\100\000\011\000\030\000\000%s' "$1"
}
sing() { # TEXT
    if command -v bash >/dev/null; then
        bash -c 'printf %s "$1" >/dev/udp/127.0.0.1/9' bash "$1" 2>/dev/null
    else
        printf %s "$1" | nc -u -w 1 127.0.0.1 9 >/dev/null 2>&1
    fi && sung=$((sung + 1))
}
running=''
guard </dev/null >/dev/null 2>&1 &
guarding=$!
publish pid "$self"
# tcpdump does not notice that its file cannot grow: room is tried for, and the account of a full disk is written where the spare was.
room() { printf '%4096s' '' >room && : >room; } 2>/dev/null
printf '%32768s' '' >spare 2>/dev/null

filter='' seen=''
for argument; do
    [ -n "$seen" ] && filter=$argument
    [ "$argument" = -- ] && seen=1
done
if ! tcpdump -i any -d -- "$filter" >/dev/null 2>"$log"; then
    cat "$log" >&2
    command -v tcpdump >/dev/null || leave 127
    if tcpdump -i any -d >/dev/null 2>&1; then leave 64; else leave 65; fi
fi

: >"$log"
(
    trap - TERM USR1
    [ "$maxbytes" -gt 0 ] && ulimit -f $((maxbytes / 512))
    if timeout -s INT -k 5 5 true 2>/dev/null; then exec timeout -s INT -k 5 "$hard" "$@"; else exec "$@"; fi
) </dev/null >/dev/null 2>"$log" &
running=$!

while ! grep -q 'listening on' "$log" && kill -0 "$running" 2>/dev/null; do
    now
    if [ $((cs - born)) -gt 3000 ] || [ -n "$term" ] || [ -f released ]; then break; fi
    woke=''
    rest 3
done
[ -f released ] && leave 0
if ! grep -q 'listening on' "$log"; then
    cat "$log" >&2
    leave 66
fi
now
listened=$cs
publish listening "$listened"
sung=''
if [ "$canary" = 1 ] && sample "${id#cf-}" | tcpdump -r - -n -t -- "$filter" 2>/dev/null | grep -q .; then
    sung=0
    sing "${id#cf-}"
fi

# The window: ends by time, by tcpdump itself (its packet count, or its death), by the size of the file, or when asked.
end=''
while [ -z "$end" ]; do
    woke=''
    now
    left=$((listened + window - cs))
    if [ -f stop ] || [ -f released ]; then
        end=stopped
    elif [ -n "$term" ]; then
        end=term
    elif ! kill -0 "$running" 2>/dev/null; then
        end=self
    elif [ "$maxbytes" -gt 0 ] && [ "$(size "$file")" -ge $((maxbytes / 512 * 512)) ]; then
        end=limit
    elif ! room; then
        end=full
    elif [ $left -le 0 ]; then
        end=window
    else
        if [ $left -gt 50 ]; then left=50; fi
        rest $left
    fi
done
now
elapsed=$((cs - listened))

# Packets of the window's last second may still be on their way to tcpdump: an INT now would lose them.
if [ $end = window ] || [ $end = stopped ] || [ $end = term ]; then
    until=$((cs + margin))
    [ -n "$sung" ] && [ $end != term ] && [ ! -f released ] && sing "${id#cf-}."
    while [ ! -f released ] && kill -0 "$running" 2>/dev/null; do
        now
        if [ $cs -ge $until ]; then break; fi
        woke=''
        rest $((until - cs))
    done
fi
# TERM, because a job in the background of a shell inherits INT as ignored, and a timeout(1) may honour that. tcpdump treats both alike:
# it writes what it holds and prints its counters.
tries=0
while kill -0 "$running" 2>/dev/null && [ $tries -lt 250 ]; do
    [ $((tries % 50)) = 0 ] && kill -TERM "$running" 2>/dev/null
    tries=$((tries + 1))
    woke=''
    rest 2
done
kill -KILL "$running" 2>/dev/null
wait "$running"
code=$?
running=''
[ -f released ] && leave 0

captured='' received='' dropped='' ifdropped=''
while read -r count what; do
    case $what in
    'packet captured' | 'packets captured') captured=$count ;;
    'packet received by filter' | 'packets received by filter') received=$count ;;
    'packet dropped by kernel' | 'packets dropped by kernel') dropped=$count ;;
    'packet dropped by interface' | 'packets dropped by interface') ifdropped=$count ;;
    esac
done <"$log"
if [ $end = self ]; then
    if [ $code = 0 ] && [ "$maxpackets" -gt 0 ] && [ "$captured" = "$maxpackets" ]; then end=limit; else end=died; fi
fi
if [ "$end" = died ]; then cat "$log" >&2; fi

rm -f spare
# OpenSSL's has the processor's help, seven times as fast as coreutils'.
{ openssl dgst -sha256 -r "$file" || sha256sum "$file"; } >hash 2>/dev/null &
hashing=$!
while :; do
    wait "$hashing"
    [ $? -gt 128 ] && [ ! -f released ] && kill -0 "$hashing" 2>/dev/null || break
done
[ -f released ] && leave 0
read -r hash _ <hash
publish summary "bytes=$(size "$file")
sha256=$hash
captured=$captured
received=$received
dropped=$dropped
ifdropped=$ifdropped
canaries=$sung
end=$end
centiseconds=$elapsed
exit=$code"

# Linger until the file was fetched; for a short while only, where the pod is being deleted.
held=''
while [ ! -f released ]; do
    now
    left=$((born + life * 100 - cs))
    if [ -n "$term" ]; then
        if [ -z "$held" ]; then held=$((cs + hold)); fi
        if [ $((held - cs)) -lt $left ]; then left=$((held - cs)); fi
    fi
    [ $left -le 0 ] && break
    if [ $left -gt "$longest" ]; then left=$longest; fi
    woke=''
    rest $left
done
leave 0
