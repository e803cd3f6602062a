# sh -c THIS captureflow ID: lets the container end.
cd "/tmp/captureflow/$1" || exit 3
: >released
kill -TERM "$(cat pid)"
