# Petri's launcher: the trusted program a container starts with. It reads one line at a time from the attached stdin,
# `TAG CALL…`, and evals the call; every call ends in a mark, NUL TAG STATUS, that no earlier byte can be mistaken for.
# Payloads (tar archives, NUL-separated lists) follow their line on stdin and are read to the byte. Once `run` has started
# the user's command nothing that this process says is evidence any more; the container is destroyed after it.
# Needs: a POSIX sh, GNU tar, find, xargs, coreutils.

unset ENV BASH_ENV CDPATH
umask 022
NL='
'
workspace=/sandbox/workspace
state=/sandbox/state
generation=$state/generation
broken=
# Handlers, not "ignore": children start with the default actions while the launcher outlives `kill -1`.
trap : TERM INT HUP QUIT

# Are the tools here, and are they the GNU ones whose options are used below?
tools() {
  for tool in tar find xargs sha256sum head df du rm mv chmod mkdir; do
    command -v "$tool" >/dev/null 2>&1 || printf '%s ' "$tool"
  done
  tar --version 2>/dev/null | grep -q 'GNU tar' || printf 'GNU-tar '
  find --version 2>/dev/null | grep -q 'GNU' || printf 'GNU-find '
}

# Is the workspace at the generation the runner knows? A missing or odd marker is a plain no.
at() {
  [ -f "$generation" ] && [ ! -L "$generation" ] && IFS= read -r found <"$generation" && [ "$found" = "$1" ]
}

# Runs own these folders too and may have closed them.
open_folder() { [ -r "$1" ] && [ -w "$1" ] && [ -x "$1" ] || chmod u+rwx -- "$1"; }
clear_state() { find "$state" -mindepth 1 -delete; }

# Any crash between begin and commit leaves a marker that no receipt names. Whatever else lies there a run has put in the way.
begin() {
  open_folder "$state"
  clear_state 2>/dev/null || { find "$state" -type d -exec chmod u+rwx {} \; && clear_state; } && printf 'changing\n' >"$generation"
}
commit() { printf '%s\n' "$1" >"$generation"; }

unpack() { tar -xpf - --no-same-owner --delay-directory-restore -C "$workspace"; }

# Each list is $1 bytes of NUL-separated paths on stdin.
take() { head -c "$1"; }

remove() { (cd "$workspace" && take "$1" | xargs -0r rm -rf --); }
# Folders that the host no longer has: only if nothing that a run made is left in them.
prune() { (cd "$workspace" && take "$1" | xargs -0r rmdir --ignore-fail-on-non-empty -- 2>/dev/null); return 0; }
# Pairs: from, to.
move() { (cd "$workspace" && take "$1" | xargs -0r -n 2 mv -fT --); }
# Pairs: octal mode, path.
mode() { (cd "$workspace" && take "$1" | xargs -0r -n 2 chmod --); }
hashes() { (cd "$workspace" && take "$1" | xargs -0r sha256sum -z --); }
# Sections, in one stream: an archive, a line with the size of the list of its files and `more` or `last`, that list. What has
# arrived with one is hashed while the next is on its way; the list lies in this container's own /tmp, which no run shares.
# Where a section does not end as it should, nobody knows what the rest of the stream is: it must not be read as calls.
land() {
  next=more
  while [ "$next" = more ]; do
    unpack && IFS=' ' read -r size next && wait && take "$size" >/tmp/to-hash || { broken=1; return 1; }
    (cd "$workspace" && xargs -0r sha256sum -z -- </tmp/to-hash) &
  done
  wait
  rm -f /tmp/to-hash
}
content() { cat <"$workspace/$1"; }

# For the list of what is installed: type size NUL path NUL link-target NUL of what `find "$@"` finds, at most $1 bytes; then
# the contents, or the digests, of files named relative to /. Nothing here follows a link. `ask`: a program of the image's speaks.
listed() { most=$1; shift; find "$@" -printf '%y %s\0%p\0%l\0' 2>/dev/null | head -c "$most"; }
bundled() { (cd / && take "$1" | tar -cf - --no-recursion --null --verbatim-files-from -T - 2>/dev/null); return 0; }
ask() { "$@" </dev/null 2>/dev/null; }
digests() { (cd / && take "$1" | xargs -0r sha256sum -z -- 2>/dev/null); return 0; }

# type mode size mtime ctime inode NUL path NUL link-target NUL. A folder closed to its owner is opened on the way, and a
# marker that nobody could read to its end goes.
scan() {
  find "$generation" -maxdepth 0 -size +1 -delete 2>/dev/null
  [ -d "$workspace" ] && [ ! -L "$workspace" ] && open_folder "$workspace" &&
    find "$workspace" -mindepth 1 \( -type d ! -perm -u=rwx -exec chmod u+rwx {} \; \) , \
      -printf '%y %m %s %T@ %C@ %i\0%P\0%l\0' 2>/dev/null
}

# A program of the image's looks at files of the workspace: $1 bytes of paths are its stdin.
inspect() { size=$1; shift; (cd "$workspace" && take "$size" | "$@"); }
# For a new dependency set: what its install starts from; and what an install has left there.
fill() { tar -xpf - --no-same-owner -C /sandbox/deps; }
installed() { cat <"/sandbox/deps/$1"; }

# Pairs: path, target. Links into the dependency set; what the user or a run has put in such a place stays.
links() {
  while [ "$#" -gt 1 ]; do
    place=$workspace/$1
    if [ -e "$2" ] && ! [ "$place" -ef "$2" ]; then
      [ -L "$place" ] && case $(readlink -- "$place") in /sandbox/deps/*) rm -f -- "$place" ;; esac
      [ -e "$place" ] || [ -L "$place" ] || ln -s -- "$2" "$place"
    fi
    shift 2
  done 2>/dev/null
}
caches() { for place in "$@"; do [ -d "$place" ] || mkdir -p -- "$place"; done 2>/dev/null; }
# Pairs: tree of the set, place. Copied once for each set; the stamp that says which comes last.
copies() {
  while [ "$#" -gt 1 ]; do
    wanted= had=
    IFS= read -r wanted <"$1.stamp"
    IFS= read -r had <"$2/.petri"
    if [ -n "$wanted" ] && [ "$wanted" != "$had" ]; then
      mkdir -p -- "$2" && cp -RT --remove-destination -- "$1" "$2" && printf '%s\n' "$wanted" >"$2/.petri"
    fi
    shift 2
  done 2>/dev/null
}

# Free space is cheap to ask, use is not: the watchdog asks for the second only when the first has shrunk enough.
space() { df --output=avail,iavail -B1 /sandbox | tail -n 1; }
usage() { du -s -B1 /sandbox 2>/dev/null | head -n 1; du -s --inodes /sandbox 2>/dev/null | head -n 1; }

# The kernel's count of processes it killed for memory in this container. Sets $oom; no fork, it is on every run's way.
oom_kills() {
  oom=0
  for file in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
    [ -r "$file" ] || continue
    while read -r key value; do
      [ "$key" = oom_kill ] && oom=$value
    done <"$file"
    return
  done
}

# Names the first full file system, if any: what tells "disk full" from a plain failure.
full_disk() {
  df -P /tmp /sandbox 2>/dev/null | while read -r _ _ _ free _ place; do
    [ "$free" -lt 64 ] 2>/dev/null && { printf '%s' "$place"; return; }
  done
}

# run FOLDER INPUT COMMAND…: the user's command, in the foreground, then the end mark on both streams, then the end.
# `(exec …)`: a program, never one of this shell's own words. Descriptor 3 is the program's stderr: what this shell itself
# has to say of a killed child ("Terminated") must not get between the program's bytes.
run() {
  why=exited code=0 full=
  folder=$1 input=$2
  shift 2
  exec 3>&2 2>/dev/null
  if ! cd "$workspace/$folder"; then
    why=no-folder code=125
  else
    case $1 in
      */*) if [ ! -e "$1" ]; then why=command-not-found code=127; elif [ -d "$1" ] || [ ! -x "$1" ]; then why=not-executable code=126; fi ;;
      *) command -v -- "$1" >/dev/null || why=command-not-found code=127 ;;
    esac
  fi
  if [ "$why" = exited ]; then
    if [ "$input" = input ]; then (exec "$@" 2>&3 3>&-); else (exec "$@" 2>&3 3>&- </dev/null); fi
    code=$?
  fi
  oom_kills
  [ "$code" = 0 ] || full=$(full_disk)
  printf '\000%s %s %s %s %s\n' "$tag" "$code" "$why" "$oom" "$full"
  printf '\000%s %s %s %s %s\n' "$tag" "$code" "$why" "$oom" "$full" >&3
  exit "$code"
}

while IFS= read -r line; do
  tag=${line%% *}
  eval "${line#* }"
  printf '\000%s %s\n' "$tag" "$?"
  [ -z "$broken" ] || exec cat >/dev/null
done
