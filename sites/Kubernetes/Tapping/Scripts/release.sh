# sh -c THIS captureflow ID: lets the container end. Exit code 3: the tap has not begun yet.
cd "/tmp/captureflow/$1" || exit 3
: >released
# A tap that has not said who it is yet looks for `released` once it has.
[ ! -f pid ] || kill -TERM "$(cat pid)"
