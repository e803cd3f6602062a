# sh -c THIS captureflow ID STOP SECONDS: asks the tap to stop (STOP=1), waits for its summary and prints it.
# Exit codes: 3 there is no such tap, 4 no summary yet, 6 the disk is too full for one (and the end of the log).
base=/tmp/captureflow n=$(($3 * 10)) fullfor=0
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
    [ -f "$dir/summary" ] && exec cat "$dir/summary"
    # A tap ends its window on a full disk, and has kept room for its account: only one that has not come after 10 s will not come.
    if full; then fullfor=$((fullfor + 1)); else fullfor=0; fi
    if [ $fullfor -ge 100 ]; then
        tail -c 500 "$dir/tcpdump.log" >&2
        exit 6
    fi
    [ -d "$dir" ] && [ ! -f "$run/exit" ] || exit 3
    n=$((n - 1))
    sleep 0.1
done
exit 4
