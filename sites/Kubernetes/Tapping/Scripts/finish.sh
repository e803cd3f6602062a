# sh -c THIS captureflow ID STOP SECONDS: asks the tap to stop (STOP=1), waits for its summary and prints it; exits 4 when there is none yet.
cd "/tmp/captureflow/$1" || exit 3
if [ "$2" = 1 ] && [ ! -f summary ]; then
    : >stop
    kill -USR1 "$(cat pid)"
fi
if sleep 0.01 2>/dev/null; then n=$(($3 * 10)) s=0.1 beat=100; else n=$3 s=1 beat=10; fi
while [ ! -f summary ]; do
    n=$((n - 1))
    [ "$n" -gt 0 ] || exit 4
    [ $((n % beat)) = 0 ] && echo waiting >&2
    sleep $s
done
cat summary
