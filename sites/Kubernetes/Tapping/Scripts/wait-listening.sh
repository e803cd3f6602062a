# sh -c THIS captureflow ID SECONDS: blocks until the tap listens; prints "listening AGE" (centiseconds), "summary" or "waiting".
cd "/tmp/captureflow/$1" 2>/dev/null || cd /
if sleep 0.01 2>/dev/null; then n=$(($2 * 20)) s=0.05; else n=$2 s=1; fi
while [ "$n" -gt 0 ]; do
    if [ "$PWD" = / ]; then cd "/tmp/captureflow/$1" 2>/dev/null; fi
    if [ "$PWD" != / ] && [ -f listening ]; then
        read -r at <listening
        read -r up _ </proc/uptime
        echo "listening $((${up%.*} * 100 + 1${up#*.} - 100 - at))"
        exit 0
    fi
    n=$((n - 1))
    sleep $s
done
echo waiting
