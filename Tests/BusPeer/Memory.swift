#if canImport(Glibc)
import Glibc
#endif

/// The most memory this process ever had resident.
func peakResidentBytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
}
