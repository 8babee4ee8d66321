#define _GNU_SOURCE // dl_iterate_phdr
#include "CSystem.h"
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

void apus_keep_freed_memory(void) {
    // One without the other would end glibc's own adjustment: pieces of large bodies are freed as often as they are made.
    // A few of them and what a file's writer holds lie between one request and the next: less would have the kernel clear
    // the same pages for each.
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
}

void apus_return_memory(void) { malloc_trim(0); }

static int forget_code(struct dl_phdr_info *program, size_t size, void *context) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int index = 0; index < program->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &program->dlpi_phdr[index];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || segment->p_flags & PF_W) continue;
        uintptr_t start = (program->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (program->dlpi_addr + segment->p_vaddr + segment->p_memsz) & ~(page - 1);
        if (end > start) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 1; // The program itself is the first; libraries are shared with other processes.
}

void apus_forget_startup(void) {
    malloc_trim(0);
    dl_iterate_phdr(forget_code, NULL);
}
