# Before the tap, inside the toolbox: a tap that was released while the toolbox still started must not start.
[ -d "$CAPTUREFLOW_ROOT/$1" ] || exit 0
