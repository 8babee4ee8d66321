#pragma once
#include <linux/audit.h>

/// What the kernel calls the system calls of this build, for filters to check.
#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "this architecture's audit number is not known here"
#endif
