// The zygote of runtimes that are programs of their own (Node.js, provided.*): forks blank environments that become
// the runtime by exec. Python's zygote is Runtimes/python/zygote.py, on the same library.
#include "CSandbox.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char variables[APUS_MAX_MESSAGE], command[APUS_MAX_MESSAGE];

/// Pointers to the strings of a block that an empty string ends; NULL at the end.
static void split(char *block, char **strings, size_t capacity) {
    size_t count = 0;
    for (char *string = block; *string && count + 1 < capacity; string += strlen(string) + 1) strings[count++] = string;
    strings[count] = NULL;
}

/// As execve. A file that somebody holds open for writing cannot be executed, and every process that was forked while a
/// package was written holds its files until its own exec: for an instant, as long as nobody writes to packages.
static void execute(const char *path, char **arguments, char **environment) {
    const struct timespec pause = {.tv_nsec = 5000000};
    for (int attempt = 0; attempt < 400; attempt++) {
        execve(path, arguments, environment);
        if (errno != ETXTBSY) return;
        nanosleep(&pause, NULL);
    }
}

/// The program is the first of the paths, separated by colons, that can be executed.
static _Noreturn void become_function(void) {
    static char *environment[1024], *arguments[64];
    if (apus_environment_start(variables, sizeof variables, command, sizeof command) < 0) apus_environment_abort();
    split(variables, environment, sizeof environment / sizeof *environment);
    split(command, arguments, sizeof arguments / sizeof *arguments);
    const char *programs = strdup(arguments[0]);
    int reason = ENOENT;
    for (char *rest = arguments[0], *path; (path = strsep(&rest, ":"));) {
        arguments[0] = path;
        execute(path, arguments, environment);
        if (errno != ENOENT) reason = errno;
    }
    fprintf(stderr, "Couldn't find valid bootstrap(s): %s: %s\n", programs, strerror(reason));
    _exit(reason == ENOENT ? 127 : 126);
}

static _Noreturn void become_environment(void) {
    if (apus_environment_isolate() < 0) apus_environment_abort();
    pid_t init = fork();
    if (init < 0) _exit(1);
    if (init > 0) {
        if (apus_environment_hand_over(init) < 0) apus_environment_abort();
        _exit(0);
    }
    pid_t runtime = fork();
    if (runtime < 0) _exit(1);
    if (runtime > 0) apus_environment_init(runtime);
    become_function();
}

int main(void) {
    if (apus_zygote_enter(APUS_CONTROL_DESCRIPTOR) < 0) {
        int count = snprintf(command, sizeof command, "F%s", apus_failure());
        apus_message_send(APUS_CONTROL_DESCRIPTOR, command, (size_t)count, NULL, 0);
        return 1;
    }
    if (apus_zygote_ready(APUS_CONTROL_DESCRIPTOR) < 0) return 1;
    while (apus_zygote_next(APUS_CONTROL_DESCRIPTOR)) {
        if (fork() == 0) become_environment();
        apus_zygote_forget();
    }
    return 0;
}
