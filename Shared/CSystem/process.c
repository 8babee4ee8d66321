#include "CSystem.h"
#include <signal.h>
#include <sys/prctl.h>

void apus_die_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

void apus_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
