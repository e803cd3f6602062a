# Before the tap, inside the toolbox: its image need not have tcpdump.
command -v tcpdump >/dev/null || { apt-get update -q && apt-get install -q -y --no-install-recommends tcpdump; } >&2 || exit 73
