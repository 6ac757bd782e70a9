# What a container with a terminal starts with, in front of the user's shell. It says which shell the image has, then reads one
# line, a call of `terminal` with the variables before it, and becomes what it was told to run: nothing of ours is left in the
# terminal, and the exit code is the program's own, by the engine's word.
# Needs: a POSIX sh and stty (coreutils).

unset ENV BASH_ENV CDPATH
NL='
'
# Nobody has typed yet: what is read here is the runner's, to the byte and without an echo.
before=$(stty -g)
stty raw -echo
shell=sh
command -v bash >/dev/null && shell=bash
printf '\000petri %s\n' "$shell"

# terminal FOLDER [COMMAND…]
terminal() {
  stty "$before"
  stty iutf8 2>/dev/null
  cd "/sandbox/workspace/$1" 2>/dev/null || {
    echo 'The folder to start in does not exist in the workspace.'
    exit 125
  }
  shift
  [ $# -gt 0 ] || set -- "$shell"
  exec "$@"
}

IFS= read -r line || exit 125
eval "$line"
