# sh -c THIS captureflow ID BLOCKS [gzip]: the file's bytes from BLOCKS × 65,536 on. dd seeks; busybox's `tail -c +N` reads all that it skips,
# and takes no N beyond 32 bits. A block is what a pipe holds: small enough that a line cut every few hundred kilobytes still gets on.
# With a third parameter compressed; exit code 5, and not a byte, where there is no gzip.
file=/tmp/captureflow/$1/capture.pcap
[ -n "$3" ] || exec dd if="$file" bs=65536 skip="$2" 2>/dev/null
command -v gzip >/dev/null || exit 5
dd if="$file" bs=65536 skip="$2" 2>/dev/null | gzip -1
