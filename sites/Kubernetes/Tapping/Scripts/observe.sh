# sh -c THIS captureflow ID: prints "BYTES running" or "BYTES ended".
cd "/tmp/captureflow/$1" || exit 3
if [ -f summary ]; then state=ended; else state=running; fi
echo "$(stat -c %s capture.pcap 2>/dev/null || wc -c <capture.pcap) $state"
