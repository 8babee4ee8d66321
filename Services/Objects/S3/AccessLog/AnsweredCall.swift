import Bus
import ServiceKit

/// A call and its answer, as far as access logs tell of them.
struct AnsweredCall: Sendable {
    let operation: String
    let caller: Caller
    let now: Timestamp
    let requestID: String
    let trace: TraceID
    let source: Call.Source
    let input: [UInt8]
    /// `nil` for a success.
    let failedStatus: Int?
    /// The error, or the answer where it tells sizes or versions.
    let reply: [UInt8]
    let duration: Duration

    init(_ call: Call, input: [UInt8], reply: BusReply, duration: Duration) {
        operation = call.operation
        caller = call.caller
        now = call.now
        requestID = call.requestID
        trace = call.trace
        source = call.source
        self.input = input
        failedStatus = reply.isError ? Int(reply.status) : nil
        self.reply = reply.isError || LoggedOperation.hasTellingAnswer(call.operation) ? reply.body : []
        self.duration = duration
    }

    /// The records it is worth: one for its own bucket, with one for each key of a batch; one for the source of a copy.
    func records() -> [(bucket: String, record: AccessRecord)] {
        guard let name = LoggedOperation.name(of: operation), let input = try? JSONDocument(input).root,
            let bucket = input["Bucket"]?.string
        else { return [] }
        let reply = reply.isEmpty ? nil : try? JSONDocument(reply).root
        let own = record(name, input, reply)
        var records = [(bucket, own)]
        if operation == "DeleteObjects", failedStatus == nil {
            records += batch(input, reply).map { (bucket, $0) }
        }
        if input["CopySource"] != nil, let copied = copied(input, name) { records.append(copied) }
        return records
    }

    private func record(_ name: String, _ input: JSONValue, _ reply: JSONValue?) -> AccessRecord {
        let range = reply?["ContentRange"]?.string
        let isPartial = failedStatus == nil && range != nil
        var record = AccessRecord(
            call: self, operation: name, key: input["Key"]?.string,
            status: failedStatus ?? LoggedOperation.status(of: operation, isPartial: isPartial))
        record.version = input["VersionId"]?.string
        if failedStatus != nil {
            record.errorCode = reply?["code"]?.string
            return record
        }
        record.version = reply?["VersionId"]?.string ?? record.version
        let length = (reply?["ContentLength"] ?? input["ContentLength"])?.int64
        record.objectSize = range?.split(separator: "/").last.flatMap { Int64($0) } ?? length
        if operation == "GetObject" { record.bytesSent = length }
        return record
    }

    private func batch(_ input: JSONValue, _ reply: JSONValue?) -> [AccessRecord] {
        var errors: [String: String] = [:]
        for error in reply?["Errors"]?.elements.map(\.self) ?? [] {
            if let key = error["Key"]?.string { errors[key] = error["Code"]?.string }
        }
        return (input["Delete"]?["Objects"]?.elements.map(\.self) ?? []).compactMap { target in
            guard let key = target["Key"]?.string else { return nil }
            let code = errors[key]
            let status = code == nil ? 204 : code == "AccessDenied" ? 403 : 400
            var record = AccessRecord(call: self, operation: "BATCH.DELETE.OBJECT", key: key, status: status)
            (record.errorCode, record.version) = (code, target["VersionId"]?.string)
            return record
        }
    }

    /// The source's side of a copy: `REST.COPY.OBJECT_GET`.
    private func copied(_ input: JSONValue, _ name: String) -> (bucket: String, record: AccessRecord)? {
        guard let source = (try? Members(input)).flatMap({ try? CopySource($0) })?.object else { return nil }
        return (
            source.bucket.name,
            AccessRecord(call: self, operation: "\(name)_GET", key: source.key, status: failedStatus ?? 200)
        )
    }
}
