import ServiceKit

/// `ImportTableDescription`, and shorter `ImportSummary`.
struct ImportDescription: OutputShape {
    let job: TableImport
    var isSummary = false

    func write(to json: inout JSONWriter) {
        json.member("ImportArn", job.arn)
        json.member("ImportStatus", job.status.rawValue)
        json.member("TableArn", job.tableARN)
        json.member("StartTime", job.startTime)
        json.member("EndTime", job.endTime)
        guard !isSummary else { return job.request.writeSource(to: &json) }
        job.request.write(to: &json)
        json.member("TableId", job.tableID)
        json.member("ClientToken", job.clientToken)
        writeCounts(to: &json)
        json.member("FailureCode", job.failureCode)
        json.member("FailureMessage", job.failureMessage)
    }

    private func writeCounts(to json: inout JSONWriter) {
        let bytes = job.bytes + (job.position?.offset ?? 0)
        // Absent, as AWS leaves it, until something was read.
        if bytes > 0 || job.status != .inProgress { json.member("ProcessedSizeBytes", bytes) }
        json.member("ProcessedItemCount", job.processed)
        json.member("ImportedItemCount", job.imported)
        json.member("ErrorCount", job.errors)
    }
}

extension ServiceError {
    static func importNotFound(_ arn: String) -> ServiceError {
        ServiceError("ImportNotFoundException", "Import not found: \(arn)")
    }

    /// The same token with other parameters.
    static let importConflict = ServiceError("ImportConflictException", "Duplicate request detected")

    static let tooManyImports = ServiceError(
        "LimitExceededException", "Subscriber limit exceeded: There are too many concurrent imports")
}
