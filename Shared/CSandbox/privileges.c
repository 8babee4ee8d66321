#include "steps.h"
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int set_identity(uid_t uid) {
    if (setgroups(0, NULL) < 0) return apus_fail("setgroups");
    if (setresgid(uid, uid, uid) < 0) return apus_fail("setresgid");
    if (setresuid(uid, uid, uid) < 0) return apus_fail("setresuid");
    return 0;
}

int apus_drop_privileges(uid_t uid) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) return apus_fail("no_new_privs");
    // The bounding set ends with EINVAL behind the last capability this kernel knows.
    for (unsigned long capability = 0; prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) == 0; capability++) {}
    if (uid != 0) TRY(set_identity(uid));
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    if (syscall(SYS_capset, &header, none) < 0) return apus_fail("capset");
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return apus_fail("ambient capabilities");
    return 0;
}
