import ServiceKit

/// The span of an incremental export, and what it shows.
struct ExportSpan: Sendable, Hashable {
    enum View: String, Sendable {
        case newImage = "NEW_IMAGE"
        case newAndOldImages = "NEW_AND_OLD_IMAGES"
    }

    private static let lengths: ClosedRange<Int64> = 15 * 60...24 * 3600

    let from: Timestamp
    let to: Timestamp
    let view: View

    /// - Throws: for a span that is too short or too long, or not within what the table remembers.
    func check(_ recovery: PointInTimeRecovery, at now: Timestamp) throws(ServiceError) {
        guard Self.lengths.contains(to.seconds - from.seconds) else {
            throw .invalidParameter("The period between ExportFromTime and ExportToTime must be 15 minutes to 24 hours")
        }
        guard from.seconds >= recovery.earliest(at: now).seconds, to <= now else { throw .invalidExportTime }
    }
}

/// As it was asked for.
struct IncrementalExportSpecification: InputShape {
    private let from: Timestamp?
    private let to: Timestamp?
    private let view: String?

    init(_ member: Members) throws {
        from = try member("ExportFromTime")
        to = try member("ExportToTime")
        view = try member("ExportViewType")
    }

    /// - Throws: without a beginning.
    func span(at now: Timestamp) throws(ServiceError) -> ExportSpan {
        guard let from else { throw .invalidParameter("ExportFromTime must be specified") }
        return ExportSpan(
            from: from, to: to ?? now, view: view.flatMap(ExportSpan.View.init(rawValue:)) ?? .newAndOldImages)
    }
}

/// The form it has in an export's record, and in answers.
extension ExportSpan: InputShape, OutputShape {
    init(_ member: Members) throws {
        from = try member("ExportFromTime")
        to = try member("ExportToTime")
        let view: String = try member("ExportViewType")
        self.view = View(rawValue: view) ?? .newAndOldImages
    }

    func write(to json: inout JSONWriter) {
        json.member("ExportFromTime", from)
        json.member("ExportToTime", to)
        json.member("ExportViewType", view.rawValue)
    }
}

extension ServiceError {
    /// The same token with other parameters.
    static let exportConflict = ServiceError("ExportConflictException", "Duplicate request detected")

    static let invalidExportTime = ServiceError(
        "InvalidExportTimeException", "The specified ExportTime is outside of the point in time recovery window.")
}
