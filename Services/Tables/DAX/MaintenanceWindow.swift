import ServiceKit

/// `PreferredMaintenanceWindow`: `sun:05:00-sun:09:00`. Kept and answered; nothing here needs maintenance.
enum MaintenanceWindow {
    private static let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let minutesOfWeek = 7 * 24 * 60

    /// An hour of a day chosen by chance, as AWS does where the request names none.
    static func random() -> String {
        let day = days[Int.random(in: days.indices)]
        let hour = Int.random(in: 0..<23)
        return "\(day):\(digits(hour)):00-\(day):\(digits(hour + 1)):00"
    }

    private static func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// - Throws: `InvalidParameterValueException` for another form, and for less than an hour.
    static func validate(_ text: String) throws(ServiceError) {
        let ends = text.lowercased().split(separator: "-", omittingEmptySubsequences: false).map(minute)
        guard ends.count == 2, let start = ends[0], let end = ends[1] else {
            throw .invalidParameterValue(
                "The maintenance window \(text) is not valid: it must have the form ddd:hh24:mi-ddd:hh24:mi.")
        }
        guard (end - start + minutesOfWeek) % minutesOfWeek >= 60 else {
            throw .invalidParameterValue("The maintenance window \(text) must be at least 60 minutes long.")
        }
    }

    /// Since the beginning of the week.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts.allSatisfy({ $0.utf8.count <= 3 }),
            let day = days.firstIndex(of: String(parts[0])),
            let hour = Int(parts[1]), let minute = Int(parts[2]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        return (day * 24 + hour) * 60 + minute
    }
}
