#define _GNU_SOURCE
#include "CSystem.h"
#include <pthread.h>
#include <sched.h>

int apus_available_cores(void) {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
    int count = CPU_COUNT(&set);
    return count > 0 ? count : 1;
}

void apus_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
