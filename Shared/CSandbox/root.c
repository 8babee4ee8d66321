// The read-only root that all environments of one runtime share.
#include "steps.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// While the root is built, the host is at /host and the new root at /root of a private tmpfs.
#define HOST "/host"
#define ROOT "/root"

static char message[APUS_MAX_MESSAGE];

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return apus_fail(path);
    size_t length = strlen(text);
    ssize_t written = write(file, text, length);
    close(file);
    return written == (ssize_t)length ? 0 : apus_fail(path);
}

/// Without privileges of our own, a user namespace gives them inside it and nowhere else.
static int enter_user_namespace(void) {
    char map[64];
    uid_t uid = geteuid();
    gid_t gid = getegid();
    if (unshare(CLONE_NEWUSER) < 0) return apus_fail("unshare(CLONE_NEWUSER)");
    TRY(write_file("/proc/self/setgroups", "deny"));
    snprintf(map, sizeof map, "993 %u 1", uid);  // 993 is the user AWS runs functions as.
    TRY(write_file("/proc/self/uid_map", map));
    snprintf(map, sizeof map, "990 %u 1", gid);
    return write_file("/proc/self/gid_map", map);
}

/// Makes the folders above `path`, below ROOT.
static int make_parents(const char *path) {
    char folder[512];
    if (snprintf(folder, sizeof folder, "%s", path) >= (int)sizeof folder) {
        errno = ENAMETOOLONG;
        return apus_fail(path);
    }
    for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdir(folder, 0755) < 0 && errno != EEXIST) return apus_fail(folder);
        *slash = '/';
    }
    return 0;
}

static int make_folder(const char *path) {
    TRY(make_parents(path));
    return mkdir(path, 0755) < 0 && errno != EEXIST ? apus_fail(path) : 0;
}

/// Adds restrictions to a mount and to all below it.
static int restrict_mounts(const char *path, uint64_t attributes) {
    struct mount_attr change = {.attr_set = attributes};
    if (syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &change, sizeof change) == 0) return 0;
    return apus_fail(path);
}

static int bind(const char *source, const char *target, uint64_t attributes) {
    struct stat status;
    if (stat(source, &status) < 0) return apus_fail(source);
    if (S_ISDIR(status.st_mode)) {
        TRY(make_folder(target));
    } else {
        TRY(make_parents(target));
        int file = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
        if (file < 0) return apus_fail(target);
        close(file);
    }
    if (mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0) return apus_fail(target);
    return restrict_mounts(target, attributes);
}

/// One entry of the description: an operation, its target in the new root, and its argument.
static int apply(const char *operation, const char *name, const char *argument) {
    char target[512], source[1024];
    if (snprintf(target, sizeof target, ROOT "%s", name) >= (int)sizeof target
        || snprintf(source, sizeof source, HOST "%s", argument) >= (int)sizeof source) {
        errno = ENAMETOOLONG;
        return apus_fail(name);
    }
    const uint64_t readOnly = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID;
    if (!strcmp(operation, "bind")) return bind(source, target, readOnly | MOUNT_ATTR_NODEV);
    // Written through by environments that mount a part of it writable.
    if (!strcmp(operation, "store")) return bind(source, target, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    if (!strcmp(operation, "device")) return bind(source, target, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
    if (!strcmp(operation, "folder")) return make_folder(target);
    TRY(make_parents(target));
    if (!strcmp(operation, "file")) return write_file(target, argument);
    if (!strcmp(operation, "link")) return symlink(argument, target) < 0 ? apus_fail(target) : 0;
    errno = EINVAL;
    return apus_fail(operation);
}

/// An empty tmpfs as the root, the host below it.
static int leave_host_root(void) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) return apus_fail("make / private");
    if (mount("root", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m") < 0) return apus_fail("mount tmpfs");
    if (mkdir("/tmp" HOST, 0700) < 0 || mkdir("/tmp" ROOT, 0755) < 0) return apus_fail("mkdir");
    if (syscall(SYS_pivot_root, "/tmp", "/tmp" HOST) < 0) return apus_fail("pivot_root");
    if (chdir("/") < 0) return apus_fail("chdir /");
    if (mount("root", ROOT, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=4m") < 0) return apus_fail("mount root");
    return 0;
}

/// The new root becomes the only thing there is.
static int enter_new_root(void) {
    if (umount2(HOST, MNT_DETACH) < 0) return apus_fail("unmount the host");
    if (chdir(ROOT) < 0) return apus_fail("chdir " ROOT);
    if (syscall(SYS_pivot_root, ".", ".") < 0) return apus_fail("second pivot_root");
    if (umount2(".", MNT_DETACH) < 0) return apus_fail("unmount the scaffold");
    if (chdir("/") < 0) return apus_fail("chdir /");
    if (mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) < 0)
        return apus_fail("make the root read-only");
    return 0;
}

int apus_zygote_enter(int control) {
    int descriptors[APUS_MAX_DESCRIPTORS], descriptor_count;
    ssize_t count = apus_message_receive(control, message, sizeof message, descriptors, &descriptor_count);
    if (count <= 0) return apus_fail("receive the root's description");
    const char *cursor = message, *end = message + count;
    const char *privilege = apus_next_string(&cursor, end);
    if (privilege && !strcmp(privilege, "user-namespace")) TRY(enter_user_namespace());
    if (unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET) < 0) return apus_fail("unshare");
    TRY(leave_host_root());
    umask(022);
    for (;;) {
        const char *operation = apus_next_string(&cursor, end);
        const char *target = apus_next_string(&cursor, end);
        const char *argument = apus_next_string(&cursor, end);
        if (!argument) break;
        TRY(apply(operation, target, argument));
    }
    TRY(enter_new_root());
    // Couriers, and the environments they leave behind, are collected without being waited for.
    signal(SIGCHLD, SIG_IGN);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0) return apus_fail("subreaper");
    return 0;
}

int apus_zygote_ready(int control) { return apus_message_send(control, "R", 1, NULL, 0); }
