#pragma once
// Between the files of this target only.
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "CSandbox.h"

/// Records "what: strerror(errno)" as the failure. Always returns -1.
int apus_fail(const char *what);

/// The next string of a message, or NULL at its end.
const char *apus_next_string(const char **cursor, const char *end);

/// Calls `step` and returns -1 from the caller when it failed.
#define TRY(step)                     \
    do {                              \
        if ((step) < 0) return -1;    \
    } while (0)

/// Refuses the system calls no function needs; see seccomp.c.
int apus_seccomp_install(void);

/// Gives up capabilities, identities and the way back to them. With `uid` 0 the identity is kept (user namespace).
int apus_drop_privileges(uid_t uid);
