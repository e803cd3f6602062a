# sh -c THIS captureflow ID NEED DEADLINE SUPERVISOR TAP TAP'S-ARGUMENTS…: starts the tap, or finds it started. It outlives this connection.
#   NEED   kilobytes that must be free in /tmp, and in memory where /tmp is memory
# Exit codes: 70 no toolbox, 71 not enough room (and how much there is), 72 somebody else's folder is in the way, 74 another tap has the toolbox.
umask 077
base=/tmp/captureflow id=$1 need=$2 deadline=$3 supervisor=$4
shift 4
command -v toolbox >/dev/null || {
    echo 'there is no command toolbox' >&2
    exit 70
}
mkdir "$base" 2>/dev/null
if [ -h "$base" ] || [ ! -d "$base" ] || [ ! -O "$base" ]; then
    ls -ld "$base" >&2
    exit 72
fi
run=$base/$id.run
[ -d "$run" ] && exit 0
# The toolbox is one tree, in which systemd-nspawn runs one container at a time. The lock goes with the supervisor, however that ends.
exec 9<"$base" || exit 72
flock -n 9 || {
    echo "another capture runs in the node's toolbox" >&2
    exit 74
}
df -P -k /tmp | {
    read -r _
    read -r _ _ _ free _
    [ "$free" -ge "$need" ] || {
        echo "$free kB free, $need kB needed" >&2
        exit 71
    }
} || exit 71
# Container-Optimized OS has /tmp in memory, which no pod is charged for: a file that fits there may still have the node evict pods.
case $(stat -f -c %T /tmp) in
    tmpfs | ramfs)
        while read -r name kilobytes _; do
            [ "$name" != MemAvailable: ] || [ "$kilobytes" -ge "$need" ] || {
                echo "$kilobytes kB of memory available, $need kB needed: /tmp is memory" >&2
                exit 71
            }
        done </proc/meminfo
        ;;
esac
mkdir -p "$base/$id" || exit 71
mkdir "$run" 2>/dev/null || exit 0
setsid sh -c "$supervisor" captureflow "$run" "$deadline" "$@" </dev/null >"$run/log" 2>&1 &
