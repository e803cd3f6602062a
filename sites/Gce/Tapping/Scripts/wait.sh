# sh -c THIS captureflow ID SECONDS: blocks until the tap listens; prints "listening AGE" (centiseconds), "ended CODE", "absent" or "waiting", then
# the end of its log.
base=/tmp/captureflow n=$(($2 * 10))
dir=$base/$1 run=$base/$1.run
while [ "$n" -gt 0 ]; do
    if [ -f "$dir/listening" ]; then
        read -r at <"$dir/listening"
        read -r up _ </proc/uptime
        echo "listening $((${up%.*} * 100 + 1${up#*.} - 100 - at))"
        exit 0
    fi
    [ -d "$run" ] || {
        echo absent
        exit 0
    }
    if [ -f "$run/exit" ]; then
        read -r code <"$run/exit"
        echo "ended $code"
        tail -c 1500 "$run/log"
        exit 0
    fi
    n=$((n - 1))
    sleep 0.1
done
echo waiting
tail -c 500 "$run/log"
