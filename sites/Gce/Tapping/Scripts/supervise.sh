# sh -c THIS captureflow RUN DEADLINE TAP TAP'S-ARGUMENTS…: runs the tap in the toolbox, where the node's / is /media/root, and notes its exit code.
trap '' HUP INT
run=$1 deadline=$2 tap=$3
shift 3
cd / || exit
toolbox env CAPTUREFLOW_ROOT=/media/root/tmp/captureflow CAPTUREFLOW_UMASK=022 CAPTUREFLOW_NAP=50 CAPTUREFLOW_DEADLINE="$deadline" \
    sh -c "$tap" captureflow "$@"
code=$?
[ -d "$run" ] && echo "$code" >"$run/exit.new" && mv "$run/exit.new" "$run/exit"
