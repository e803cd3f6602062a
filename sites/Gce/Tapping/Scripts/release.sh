# sh -c THIS captureflow ID SECONDS: ends the tap, waits until it has ended, removes its files; prints "ended", "running" or "absent".
base=/tmp/captureflow n=$(($2 * 10))
dir=$base/$1 run=$base/$1.run
if [ ! -d "$run" ] && [ ! -d "$dir" ]; then
    echo absent
    exit 0
fi
[ -d "$dir" ] && : >"$dir/released"
while [ -d "$run" ] && [ ! -f "$run/exit" ] && [ "$n" -gt 0 ]; do
    n=$((n - 1))
    sleep 0.1
done
if [ ! -d "$run" ] || [ -f "$run/exit" ]; then state=ended; else state=running; fi
rm -rf "$dir"
[ $state = ended ] && rm -rf "$run"
rmdir "$base" 2>/dev/null
if [ -e "$dir" ]; then
    ls -ld "$dir" >&2
    exit 1
fi
echo $state
