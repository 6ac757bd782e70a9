/**
 * System calls that pass whatever their arguments, by what a program needs them for. A name that a processor or a kernel does
 * not have is skipped by the engine. What is missing here is missing on purpose; the reasons for the less obvious ones:
 * - io_uring_*: runs calls behind the filter's back, and has been a steady source of kernel escapes; libuv, Java and Go fall back;
 * - bpf, perf_event_open, userfaultfd, fanotify_*: windows into the kernel or tools that make its races winnable;
 * - add_key, keyctl, request_key: keyrings are counted per user over all containers;
 * - mount and its family, chroot, pivot_root, setns, unshare, sethostname: a container's own walls;
 * - kexec_*, *_module, reboot, swapon, acct, quotactl, settimeofday, clock_settime, *adjtime*, iopl, ioperm, syslog: the machine itself;
 * - open_by_handle_at, name_to_handle_at: names a file by its inode, past any mount boundary;
 * - process_vm_writev, process_madvise, pidfd_getfd, kcmp: debuggers do with ptrace and /proc; process_vm_readv stays for profilers;
 * - move_pages, mbind, set_mempolicy, migrate_pages: placing memory on a machine that others share;
 * - modify_ldt, vm86, uselib, sysfs, ustat, _sysctl, nfsservctl, lookup_dcookie, remap_file_pages: relics;
 * - memfd_secret, vhangup, statmount, listmount: nothing a workload asks for.
 */
const GROUPS = {
  filesAndFolders: `
    access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2 fadvise64 fallocate fchdir fchmod
    fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync ftruncate
    futimesat getcwd getdents getdents64 getxattr getxattrat ioctl lchown lgetxattr link linkat listxattr listxattrat llistxattr lremovexattr
    lseek lsetxattr lstat mkdir mkdirat mknod mknodat newfstatat open openat openat2 read readahead readlink readlinkat readv pread64
    preadv preadv2 pwrite64 pwritev pwritev2 removexattr removexattrat rename renameat renameat2 rmdir sendfile setxattr setxattrat splice
    stat statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate umask unlink unlinkat utime utimensat utimes vmsplice
    write writev cachestat file_getattr file_setattr`,
  waitingForThings: `
    epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 inotify_add_watch
    inotify_init inotify_init1 inotify_rm_watch pipe pipe2 poll ppoll pselect6 select signalfd signalfd4
    io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit`,
  memory: `
    brk get_mempolicy madvise map_shadow_stack membarrier memfd_create mincore mlock mlock2 mlockall mmap mprotect mremap mseal msync munlock
    munlockall munmap pkey_alloc pkey_free pkey_mprotect`,
  processes: `
    arch_prctl execve execveat exit exit_group fork get_robust_list get_thread_area getcpu getpgid getpgrp getpid getppid getpriority
    getrlimit getrusage getsid gettid ioprio_get ioprio_set kill pause pidfd_open pidfd_send_signal prctl prlimit64 process_vm_readv ptrace
    rseq sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr sched_getparam sched_getscheduler
    sched_rr_get_interval sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield set_robust_list set_thread_area
    set_tid_address setpgid setpriority setrlimit setsid sysinfo tgkill times tkill uname vfork wait4 waitid`,
  threadsAndLocks: 'futex futex_requeue futex_wait futex_waitv futex_wake',
  signals: `
    restart_syscall rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo
    sigaltstack`,
  time: `
    alarm clock_getres clock_gettime clock_nanosleep getitimer gettimeofday nanosleep setitimer time timer_create timer_delete
    timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime`,
  // socket and socketpair have rules of their own; a socket that could not be made needs no further rule.
  sockets: `
    accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg sendmmsg sendmsg sendto setsockopt
    shutdown`,
  // Each container has an IPC namespace of its own, and what lives there counts against its memory.
  sharedMemoryAndQueues: `
    mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd semctl semget semop semtimedop shmat
    shmctl shmdt shmget`,
  // Without capabilities these change nothing that matters; tar, git and package managers call them and mind EPERM.
  identity: `
    capget capset getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid setgid setgroups setregid setresgid
    setresuid setreuid setuid`,
  // A program may put itself into a smaller cage.
  confiningOneself: 'landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp',
  randomness: 'getrandom',
};

export const ALLOWED_CALLS: readonly string[] = Object.values(GROUPS).flatMap((group) => group.trim().split(/\s+/)).sort();
