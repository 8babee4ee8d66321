// The system calls no function needs are refused: those that administer the host, those that have been ways out of
// containers, and those newer than this list. Filters that always allow are answered from the kernel's bitmap, so the
// length of the list costs nothing per call.
#include "architecture.h"
#include "steps.h"
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/// fchmodat2, of Linux 6.6. What comes later is "not implemented", so that libraries fall back.
enum { LAST_KNOWN_CALL = 452 };

static const unsigned refused[] = {
    // Mounts and namespaces.
    SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, 428 /* open_tree */,
    429 /* move_mount */, 430 /* fsopen */, 431 /* fsconfig */, 432 /* fsmount */, 433 /* fspick */,
    442 /* mount_setattr */, SYS_name_to_handle_at, SYS_open_by_handle_at, SYS_fanotify_init,
    // Other processes and their memory.
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, 438 /* pidfd_getfd */, SYS_migrate_pages,
    SYS_move_pages, SYS_mbind, SYS_set_mempolicy, 450 /* set_mempolicy_home_node */,
    // The host itself.
    SYS_reboot, SYS_kexec_load, SYS_kexec_file_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_swapon,
    SYS_swapoff, SYS_acct, SYS_quotactl, 443 /* quotactl_fd */, SYS_settimeofday, SYS_clock_settime,
    SYS_clock_adjtime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname, SYS_syslog, SYS_vhangup, SYS_nfsservctl,
    SYS_lookup_dcookie,
    // Kernel interfaces with a history.
    SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, 425 /* io_uring_setup */, 426 /* io_uring_enter */,
    427 /* io_uring_register */, SYS_add_key, SYS_request_key, SYS_keyctl, 447 /* memfd_secret */, SYS_personality,
#if defined(__x86_64__)
    SYS_ioperm, SYS_iopl, SYS_modify_ldt, SYS_create_module, SYS_get_kernel_syms, SYS_query_module, SYS_uselib,
    SYS_ustat, SYS_sysfs, SYS__sysctl,
#endif
};
enum { REFUSED_COUNT = sizeof refused / sizeof *refused };

static struct sock_filter program[2 * REFUSED_COUNT + 64];
static unsigned length;

static void emit(struct sock_filter instruction) { program[length++] = instruction; }

static void load(unsigned offset) { emit((struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)); }

static void answer(unsigned action) { emit((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, action)); }

/// Skips `count` instructions unless the accumulator equals `value`.
static void unless_equal(unsigned value, unsigned char count) {
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, count));
}

/// Low half of an argument; both architectures are little-endian.
static unsigned argument(unsigned index) {
    return (unsigned)(offsetof(struct seccomp_data, args) + index * sizeof(uint64_t));
}

static void check_architecture(void) {
    load(offsetof(struct seccomp_data, arch));
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
    answer(SECCOMP_RET_KILL_PROCESS);
    load(offsetof(struct seccomp_data, nr));
    // The x32 calls of x86-64, with bit 30 set, are above the last known call as well.
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_KNOWN_CALL, 0, 1));
    answer(SECCOMP_RET_ERRNO | ENOSYS);
}

/// clone makes processes and threads, not namespaces. clone3 hides its flags in memory, so libraries must fall back.
static void check_clone(void) {
    const unsigned namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER
        | CLONE_NEWPID | CLONE_NEWNET;
    unless_equal(435 /* clone3 */, 1);
    answer(SECCOMP_RET_ERRNO | ENOSYS);
    unless_equal(SYS_clone, 4);
    load(argument(0));
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, namespaces, 0, 1));
    answer(SECCOMP_RET_ERRNO | EPERM);
    answer(SECCOMP_RET_ALLOW);
}

/// Address families that a network namespace confines; vsock, for one, would reach the host.
static void check_socket(void) {
    static const unsigned families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
    enum { COUNT = sizeof families / sizeof *families };
    unless_equal(SYS_socket, 1 + 2 * COUNT + 1);
    load(argument(0));
    for (unsigned i = 0; i < COUNT; i++) {
        unless_equal(families[i], 1);
        answer(SECCOMP_RET_ALLOW);
    }
    answer(SECCOMP_RET_ERRNO | EAFNOSUPPORT);
}

/// Typing into a terminal of somebody else.
static void check_ioctl(void) {
    unless_equal(SYS_ioctl, 5);
    load(argument(1));
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCSTI, 1, 0));
    emit((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TIOCLINUX, 0, 1));
    answer(SECCOMP_RET_ERRNO | EPERM);
    answer(SECCOMP_RET_ALLOW);
}

int apus_seccomp_install(void) {
    length = 0;
    check_architecture();
    check_clone();
    check_socket();
    check_ioctl();
    for (unsigned i = 0; i < REFUSED_COUNT; i++) {
        unless_equal(refused[i], 1);
        answer(SECCOMP_RET_ERRNO | EPERM);
    }
    answer(SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {.len = (unsigned short)length, .filter = program};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) < 0)
        return apus_fail("seccomp");
    return 0;
}
