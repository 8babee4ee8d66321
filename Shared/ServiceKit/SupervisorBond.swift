import CSystem
import Glibc

/// A child of `apus up` dies with it: no orphan keeps a socket or a database.
enum SupervisorBond {
    static func form() {
        guard let text = getenv("APUS_SUPERVISOR_PID"), let supervisor = pid_t(String(cString: text)) else { return }
        apus_die_with_parent()
        // The supervisor may have gone between its spawn and the line above.
        if getppid() != supervisor { exit(1) }
    }
}
