#define _GNU_SOURCE
#include "database_file.h"
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

enum { file_limit = 64 };
static apus_database_file *_Atomic files[file_limit];
static struct sigaction others;

static bool has(const apus_database_file *file, uintptr_t address) {
    return address - (uintptr_t)file->base < (uintptr_t)file->length;
}

// A mapped page cannot be read. The reader goes on with zeros, and learns from the count of faults that it must not
// believe what it read.
static void stand_aside(int signal, siginfo_t *info, void *context) {
    const uintptr_t address = (uintptr_t)info->si_addr;
    for (int index = 0; index < file_limit; index++) {
        apus_database_file *file = atomic_load(&files[index]);
        if (!file || !has(file, address)) continue;
        atomic_fetch_add(&file->faults, 1);
        const uintptr_t page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
        void *page = (void *)(address & ~(page_size - 1));
        const int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS;
        if (mmap(page, page_size, PROT_READ, flags, -1, 0) != MAP_FAILED) return;
    }
    // Not ours: it happens again, to whoever was asked before.
    sigaction(SIGBUS, &others, NULL);
}

bool apus_catch_faults(apus_database_file *file) {
    static atomic_flag is_caught = ATOMIC_FLAG_INIT;
    if (!atomic_flag_test_and_set(&is_caught)) {
        struct sigaction action = {.sa_sigaction = stand_aside, .sa_flags = SA_SIGINFO | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        sigaction(SIGBUS, &action, &others);
    }
    for (int index = 0; index < file_limit; index++) {
        apus_database_file *expected = NULL;
        if (atomic_compare_exchange_strong(&files[index], &expected, file)) return true;
    }
    return false;
}

void apus_forget_faults(apus_database_file *file) {
    for (int index = 0; index < file_limit; index++) {
        apus_database_file *expected = file;
        if (atomic_compare_exchange_strong(&files[index], &expected, NULL)) return;
    }
}
