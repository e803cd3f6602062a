# sh -c THIS captureflow ID NEED DEADLINE SUPERVISOR TAP TAP'S-ARGUMENTS…: starts the tap, or finds it started. It outlives this connection.
#   NEED   kilobytes that must be free in /tmp
# Exit codes: 70 no toolbox, 71 not enough room (and how much there is), 72 somebody else's folder is in the way.
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
df -P -k /tmp | {
    read -r _
    read -r _ _ _ free _
    [ "$free" -ge "$need" ] || {
        echo "$free kB free, $need kB needed" >&2
        exit 71
    }
} || exit 71
mkdir -p "$base/$id" || exit 71
mkdir "$run" 2>/dev/null || exit 0
setsid sh -c "$supervisor" captureflow "$run" "$deadline" "$@" </dev/null >"$run/log" 2>&1 &
