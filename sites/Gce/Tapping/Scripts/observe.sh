# sh -c THIS captureflow ID: prints "BYTES running" or "BYTES ended"; exits 3 when there is no such tap.
base=/tmp/captureflow
[ -d "$base/$1" ] || exit 3
if [ -f "$base/$1/summary" ] || [ -f "$base/$1.run/exit" ]; then state=ended; else state=running; fi
echo "$(stat -c %s "$base/$1/capture.pcap") $state"
