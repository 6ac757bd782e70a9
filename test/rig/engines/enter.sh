# Runs in new mount, network and process namespaces: makes a Debian root the whole file system, then becomes the engine in it.
# A chroot would not do: the kernel lets no process in one make user namespaces, which gVisor needs.
# Usage: sh enter.sh NAME ROOT COMMAND…
set -e
name=$1 root=$2
shift 2
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
mount --rbind /dev "$root/dev"
# Podman's API takes a seccomp profile as the name of a file, which its clients put here.
mount --bind /tmp "$root/tmp"
mkdir -p "$root/host"
cd "$root"
pivot_root . host
cd /
umount -l /host
ip link set lo up
exec tini -- "$@"
