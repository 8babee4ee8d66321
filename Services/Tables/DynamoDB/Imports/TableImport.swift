import ServiceKit

/// An import of a bucket's objects into a new table, asked for, under way or done.
struct TableImport: Sendable {
    enum Status: String, Sendable {
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
        case failed = "FAILED"
    }

    /// How far an object is read that is not at its end.
    struct Position: Sendable {
        let key: String
        /// The object must not change under the reader.
        let etag: String
        /// Of the next record in the expanded bytes.
        var offset: Int64
    }

    let arn: String
    /// The table's items in the storage.
    let table: Int64
    let tableARN: String
    let tableID: String
    let account: String
    let region: String
    let startTime: Timestamp
    let clientToken: String?
    let request: ImportRequest
    /// Who asked, and so must be allowed to read the objects.
    let caller: [UInt8]
    var status = Status.inProgress
    var endTime: Timestamp?
    /// All objects up to this one are done.
    var lastKey: String?
    /// In the object behind `lastKey`.
    var position: Position?
    /// Of the objects that are done, expanded.
    var bytes: Int64 = 0
    var processed: Int64 = 0
    var imported: Int64 = 0
    var errors: Int64 = 0
    /// What was wrong with the first item that was refused.
    var firstError: String?
    var failureCode: String?
    var failureMessage: String?

    mutating func count(_ error: String, in key: String) {
        processed += 1
        errors += 1
        firstError = firstError ?? "\(key): \(error)"
    }

    /// Everything was read.
    mutating func finish(at now: Timestamp) {
        endTime = now
        guard errors > 0 else {
            status = .completed
            return
        }
        status = .failed
        failureCode = "ItemValidationError"
        failureMessage = "Some of the items failed validation checks. The first of them: \(firstError ?? "")"
    }

    /// The source could not be read.
    mutating func fail(_ error: ServiceError, at now: Timestamp) {
        endTime = now
        status = .failed
        failureCode = "S3" + error.code
        failureMessage = error.message
    }
}

extension TableImport: InputShape, OutputShape {
    init(_ member: Members) throws {
        arn = try member("arn")
        table = try member("table")
        tableARN = try member("tableARN")
        tableID = try member("tableID")
        account = try member("account")
        region = try member("region")
        startTime = try member("startTime")
        clientToken = try member("clientToken")
        request = try member("request")
        caller = try (member("caller") as Blob).bytes
        status = try Status(rawValue: member("status")) ?? .failed
        endTime = try member("endTime")
        lastKey = try member("lastKey")
        position = try member("position")
        bytes = try member("bytes")
        processed = try member("processed")
        imported = try member("imported")
        errors = try member("errors")
        firstError = try member("firstError")
        failureCode = try member("failureCode")
        failureMessage = try member("failureMessage")
    }

    func write(to json: inout JSONWriter) {
        json.member("arn", arn)
        json.member("table", table)
        json.member("tableARN", tableARN)
        json.member("tableID", tableID)
        json.member("account", account)
        json.member("region", region)
        json.member("startTime", startTime)
        json.member("clientToken", clientToken)
        json.member("request", request)
        json.member("caller", Blob(caller))
        json.member("status", status.rawValue)
        json.member("endTime", endTime)
        json.member("lastKey", lastKey)
        json.member("position", position)
        json.member("bytes", bytes)
        json.member("processed", processed)
        json.member("imported", imported)
        json.member("errors", errors)
        json.member("firstError", firstError)
        json.member("failureCode", failureCode)
        json.member("failureMessage", failureMessage)
    }
}

extension TableImport.Position: InputShape, OutputShape {
    init(_ member: Members) throws {
        key = try member("key")
        etag = try member("etag")
        offset = try member("offset")
    }

    func write(to json: inout JSONWriter) {
        json.member("key", key)
        json.member("etag", etag)
        json.member("offset", offset)
    }
}
