// One execution environment, from blank to function.
#include "steps.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SOCKET, OUTPUT, TELEMETRY, FIRST_GROUP };
enum { FREEZER_STATE_DESCRIPTOR = 4 };
enum { RUNTIME_PORT = 9001, AWS_PORT = 4566, LISTEN_BACKLOG = 128 };
/// Where the runtime finds its telemetry pipe.
enum { TELEMETRY_DESCRIPTOR = 62 };

static int request[APUS_MAX_DESCRIPTORS];
static int request_count;
// The runtime is in a freezer and init is not: init must notice the supervisor's end while the function is frozen.
static int freezer_members = -1, freezer_state = -1;
static char thaw[16];
static int listeners[2] = {-1, -1};
static char message[APUS_MAX_MESSAGE];

// MARK: zygote

int apus_zygote_next(int control) {
    for (;;) {
        ssize_t count = apus_message_receive(control, message, sizeof message, request, &request_count);
        if (count <= 0) return 0;
        size_t length = (size_t)count - 1;
        int first_group = length > 0 ? FIRST_GROUP + 2 : FIRST_GROUP;
        if (message[0] == APUS_MESSAGE_SPAWN && request_count >= first_group && length < sizeof thaw) {
            memcpy(thaw, message + 1, length);
            thaw[length] = 0;
            return 1;
        }
        apus_zygote_forget();
    }
}

void apus_zygote_forget(void) {
    for (int i = 0; i < request_count; i++) close(request[i]);
    request_count = 0;
}

// MARK: courier

static int raise_loopback(void) {
    struct ifreq interface = {.ifr_name = "lo"};
    int socket_ = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0) return apus_fail("socket");
    interface.ifr_flags = IFF_UP | IFF_RUNNING;
    int result = ioctl(socket_, SIOCSIFFLAGS, &interface);
    int error = errno;
    close(socket_);
    errno = error;
    return result < 0 ? apus_fail("raise lo") : 0;
}

static int listen_on(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0) return apus_fail("socket");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) return apus_fail("bind");
    if (listen(listener, LISTEN_BACKLOG) < 0) return apus_fail("listen");
    return listener;
}

/// Writing "0" to cgroup.procs moves the writer, and with it all its children to come.
static int join_cgroups(void) {
    int first = FIRST_GROUP;
    if (*thaw) {
        freezer_members = request[first++];
        freezer_state = request[first++];
    }
    for (int i = first; i < request_count; i++) {
        if (write(request[i], "0", 1) != 1) return apus_fail("join the control group");
        close(request[i]);
    }
    request_count = FIRST_GROUP;
    return 0;
}

int apus_environment_isolate(void) {
    sigset_t child;
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    // Held back until init asks for it, so that no end of a child is missed.
    sigprocmask(SIG_BLOCK, &child, NULL);
    close(APUS_CONTROL_DESCRIPTOR);  // the zygote's: its end must be noticed while environments live
    TRY(join_cgroups());
    if (unshare(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET | CLONE_NEWCGROUP) < 0)
        return apus_fail("unshare");
    TRY(raise_loopback());
    TRY(listeners[0] = listen_on(RUNTIME_PORT));
    TRY(listeners[1] = listen_on(AWS_PORT));
    return 0;
}

int apus_environment_hand_over(pid_t init) {
    int pidfd = (int)syscall(SYS_pidfd_open, init, 0);
    if (pidfd < 0) return apus_fail("pidfd_open");
    int handed[] = {pidfd, listeners[0], listeners[1]};
    if (apus_message_send(request[SOCKET], "B", 1, handed, 3) < 0) return apus_fail("hand over");
    return 0;
}

_Noreturn void apus_environment_abort(void) {
    int count = snprintf(message, sizeof message, "F%s", apus_failure());
    apus_message_send(request[SOCKET], message, (size_t)count, NULL, 0);
    _exit(1);
}

// MARK: init

/// Tells the supervisor how the runtime ended. The end of this process then ends all the others.
static _Noreturn void report(int status) {
    int count = snprintf(message, sizeof message, "X%d", status);
    apus_message_send(request[SOCKET], message, (size_t)count, NULL, 0);
    _exit(0);
}

/// Only there so that the end of a child interrupts ppoll.
static void note_child(int number) { (void)number; }

/// The supervisor is gone: frozen processes could not die with their namespace.
static _Noreturn void end_alone(void) {
    if (*thaw && write(FREEZER_STATE_DESCRIPTOR, thaw, strlen(thaw)) < 0) _exit(1);
    _exit(0);
}

_Noreturn void apus_environment_init(pid_t runtime) {
    struct sigaction action = {.sa_handler = note_child};
    sigset_t unblocked;
    int status;
    sigemptyset(&unblocked);
    sigaction(SIGCHLD, &action, NULL);
    // The output pipes must end with the function.
    if (dup2(request[SOCKET], APUS_CONTROL_DESCRIPTOR) < 0) _exit(1);
    request[SOCKET] = APUS_CONTROL_DESCRIPTOR;
    if (*thaw && dup2(freezer_state, FREEZER_STATE_DESCRIPTOR) < 0) _exit(1);
    close_range(APUS_CONTROL_DESCRIPTOR + (*thaw ? 2 : 1), ~0u, 0);
    close_range(0, STDERR_FILENO, 0);
    prctl(PR_SET_DUMPABLE, 0);
    apus_drop_privileges(0);
    for (;;) {
        // Waits for nothing but the supervisor's end; a child's end interrupts.
        struct pollfd supervisor = {.fd = APUS_CONTROL_DESCRIPTOR, .events = 0};
        if (ppoll(&supervisor, 1, NULL, &unblocked) > 0) end_alone();
        for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) > 0;)
            if (ended == runtime) report(status);
    }
}

// MARK: runtime

/// What a start order asks for.
struct order {
    uid_t uid;
    const char *code, *layers, *cache, *temporary;
    int cache_writable;
};

static int mount_from_store(const char *name, const char *target, unsigned long flags) {
    char source[256];
    if (!name || !*name) return 0;
    snprintf(source, sizeof source, "/.store/%s", name);
    if (mount(source, target, NULL, MS_BIND, NULL) < 0) return apus_fail(target);
    flags |= MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV;
    return mount(NULL, target, NULL, flags, NULL) < 0 ? apus_fail(target) : 0;
}

/// A /proc of this pid namespace, without the parts that tell or change something about the host.
static int mount_proc(void) {
    static const char *const hidden_files[] = {
        "/proc/kcore", "/proc/keys", "/proc/sysrq-trigger", "/proc/timer_list", "/proc/kmsg", "/proc/config.gz"};
    static const char *const hidden_folders[] = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/scsi", "/proc/acpi"};
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) return apus_fail("mount proc");
    for (size_t i = 0; i < sizeof hidden_files / sizeof *hidden_files; i++)
        if (access(hidden_files[i], F_OK) == 0 && mount("/dev/null", hidden_files[i], NULL, MS_BIND, NULL) < 0)
            return apus_fail(hidden_files[i]);
    for (size_t i = 0; i < sizeof hidden_folders / sizeof *hidden_folders; i++)
        if (access(hidden_folders[i], F_OK) == 0
            && mount("none", hidden_folders[i], "tmpfs", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=0") < 0)
            return apus_fail(hidden_folders[i]);
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC;
    return mount(NULL, "/proc", NULL, flags, NULL) < 0 ? apus_fail("make /proc read-only") : 0;
}

static int mount_temporary(const struct order *order) {
    char options[128];
    snprintf(options, sizeof options, "mode=0700,size=%s,nr_inodes=100k,uid=%u,gid=%u", order->temporary,
        order->uid ? order->uid : geteuid(), order->uid ? order->uid : getegid());
    return mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options) < 0 ? apus_fail("mount /tmp") : 0;
}

static int take_place(const struct order *order) {
    TRY(mount_proc());
    TRY(mount_temporary(order));
    TRY(mount_from_store(order->code, "/var/task", MS_RDONLY));
    TRY(mount_from_store(order->layers, "/opt", MS_RDONLY));
    TRY(mount_from_store(order->cache, "/var/lang/cache", order->cache_writable ? 0 : MS_RDONLY));
    // From here on there is no way to another function's files.
    if (umount2("/.store", MNT_DETACH) < 0) return apus_fail("unmount the store");
    if (chdir("/var/task") < 0) return apus_fail("chdir /var/task");
    return 0;
}

static int limit(int resource, const char *value) {
    struct rlimit current, wanted;
    if (getrlimit(resource, &current) < 0) return apus_fail("getrlimit");
    wanted.rlim_cur = wanted.rlim_max = strtoull(value, NULL, 10);
    if (wanted.rlim_max > current.rlim_max) wanted.rlim_cur = wanted.rlim_max = current.rlim_max;
    return setrlimit(resource, &wanted) < 0 ? apus_fail("setrlimit") : 0;
}

/// Standard streams to the output pipe, the telemetry pipe at its number, and nothing else open.
static int place_descriptors(void) {
    int empty = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (empty < 0) return apus_fail("/dev/null");
    if (dup2(empty, STDIN_FILENO) < 0 || dup2(request[OUTPUT], STDOUT_FILENO) < 0
        || dup2(request[OUTPUT], STDERR_FILENO) < 0 || dup2(request[TELEMETRY], TELEMETRY_DESCRIPTOR) < 0
        || dup2(request[SOCKET], APUS_CONTROL_DESCRIPTOR) < 0)
        return apus_fail("dup2");
    request[SOCKET] = APUS_CONTROL_DESCRIPTOR;
    close_range(APUS_CONTROL_DESCRIPTOR + 1, TELEMETRY_DESCRIPTOR - 1, 0);
    close_range(TELEMETRY_DESCRIPTOR + 1, ~0u, 0);
    return 0;
}

static char *append(char *to, const char *end, const char *string) {
    size_t size = strlen(string) + 1;
    if (!to || to + size + 1 > end) return NULL;
    memcpy(to, string, size);
    return to + size;
}

/// Reads one pair of the order that is not about environment variables or the command.
static int read_pair(struct order *order, const char *key, const char *value) {
    static const struct { const char *key; int resource; } limits[] = {
        {"limit-data", RLIMIT_DATA}, {"limit-processes", RLIMIT_NPROC}, {"limit-files", RLIMIT_NOFILE},
        {"limit-file-size", RLIMIT_FSIZE}, {"limit-core", RLIMIT_CORE}};
    if (!strcmp(key, "uid")) order->uid = (uid_t)strtoul(value, NULL, 10);
    else if (!strcmp(key, "code")) order->code = value;
    else if (!strcmp(key, "layers")) order->layers = value;
    else if (!strcmp(key, "cache")) order->cache = value;
    else if (!strcmp(key, "cache-writable")) order->cache_writable = 1, order->cache = value;
    else if (!strcmp(key, "temporary")) order->temporary = value;
    else {
        for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
            if (!strcmp(key, limits[i].key)) return limit(limits[i].resource, value);
        errno = EINVAL;
        return apus_fail(key);
    }
    return 0;
}

static int become(const struct order *order) {
    TRY(take_place(order));
    TRY(place_descriptors());
    if (sethostname("function", 8) < 0) return apus_fail("sethostname");
    if (setsid() < 0) return apus_fail("setsid");
    TRY(apus_drop_privileges(order->uid));
    // Its own user again: /proc/self must be readable for it, and it holds nothing but what is its own.
    prctl(PR_SET_DUMPABLE, 1);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    return apus_seccomp_install();
}

int apus_environment_start(char *variables, size_t variables_capacity, char *command, size_t command_capacity) {
    int descriptors[APUS_MAX_DESCRIPTORS], descriptor_count;
    struct order order = {.temporary = "512m"};
    close(listeners[0]);
    close(listeners[1]);
    if (*thaw && write(freezer_members, "0", 1) != 1) return apus_fail("join the freezer");
    ssize_t count = apus_message_receive(request[SOCKET], message, sizeof message, descriptors, &descriptor_count);
    if (count <= 0) _exit(0);
    const char *cursor = message + 1, *end = message + count;
    char *variable = variables, *argument = command;
    for (;;) {
        const char *key = apus_next_string(&cursor, end);
        const char *value = apus_next_string(&cursor, end);
        if (!value) break;
        if (!strcmp(key, "variable")) variable = append(variable, variables + variables_capacity, value);
        else if (!strcmp(key, "argument")) argument = append(argument, command + command_capacity, value);
        else TRY(read_pair(&order, key, value));
    }
    if (!variable || !argument) {
        errno = E2BIG;
        return apus_fail("start order");
    }
    *variable = *argument = 0;
    TRY(become(&order));
    // Told by silence: from here on the environment speaks through its Runtime API only.
    close(APUS_CONTROL_DESCRIPTOR);
    memset(message, 0, sizeof message);
    return 0;
}
