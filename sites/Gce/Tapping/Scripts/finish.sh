# sh -c THIS captureflow ID STOP SECONDS: asks the tap to stop (STOP=1), waits for its summary and prints it.
# Exit codes: 3 there is no such tap, 4 no summary yet, 6 the disk is full (and the end of the log).
base=/tmp/captureflow n=$(($3 * 10))
dir=$base/$1 run=$base/$1.run
[ -d "$dir" ] || exit 3
if [ "$2" = 1 ] && [ ! -f "$dir/summary" ]; then : >"$dir/stop"; fi
full() {
    df -P -k /tmp | {
        read -r _
        read -r _ _ _ free _
        [ "$free" -lt 16 ]
    }
}
while [ "$n" -gt 0 ]; do
    if full; then
        tail -c 500 "$dir/tcpdump.log" >&2
        exit 6
    fi
    [ -f "$dir/summary" ] && exec cat "$dir/summary"
    [ -d "$dir" ] && [ ! -f "$run/exit" ] || exit 3
    n=$((n - 1))
    sleep 0.1
done
exit 4
