# For the `run` scripts of suites of other projects, which source it.
#
#     prepare NAME CHECKOUT PIP'S_ARGUMENTS
#
# Goes to the top of the repository, sees that there is a release build and a Python environment with what pip is told to
# install, and sets `checkout`, `venv` and what the tests read of their environment.
prepare() {
    judge=$1
    checkout=$(cd "$2" && pwd)
    shift 2
    cd "$(dirname "$0")/../../.."

    if [ -z "${APUS_BIN:-}" ]; then
        swift build -c release
        APUS_BIN="$(swift build -c release --show-bin-path)"
    fi
    APUS_RUNTIMES=${APUS_RUNTIMES:-$PWD/.build/runtimes}
    venv=${APUS_JUDGE_VENV:-$PWD/.build/$judge-venv}
    if [ ! -x "$venv/bin/python" ]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
    fi
    PYTHONPATH=$PWD/Tests/Judges:$PWD/Tests/Judges/$judge:$PWD/Tests/SDKTests:$checkout
    export APUS_BIN APUS_RUNTIMES PYTHONPATH
}
