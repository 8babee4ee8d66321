#include "CSystem.h"
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

void apus_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

enum { linux_sched_batch = 3 }; // <sched.h> names it for _GNU_SOURCE only.

void apus_wake_without_preempting(void) {
    struct sched_param none = {.sched_priority = 0};
    sched_setscheduler(0, linux_sched_batch, &none);
    sched_setscheduler(getpid(), linux_sched_batch, &none); // The main thread bears the process's number.
}

void apus_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
