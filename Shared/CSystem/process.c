#include "CSystem.h"
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

void apus_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

enum { linux_sched_batch = 3 }; // <sched.h> names it for _GNU_SOURCE only.

void apus_wake_without_preempting(void) {
    struct sched_param none = {.sched_priority = 0};
    sched_setscheduler(0, linux_sched_batch, &none);
    sched_setscheduler(getpid(), linux_sched_batch, &none); // The main thread bears the process's number.
}

pid_t apus_peer_process(int socket) {
    struct { pid_t process; uid_t user; gid_t group; } peer; // <sys/socket.h> declares it for _GNU_SOURCE only.
    socklen_t size = sizeof peer;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.process : 0;
}

void apus_raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

void apus_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
