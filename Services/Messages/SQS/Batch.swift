import ServiceKit

/// An entry of a batch request.
protocol BatchEntry: InputShape {
    var id: String { get }
    /// As the error for an empty batch names it.
    static var shapeName: String { get }
}

/// One to ten entries whose ids differ.
struct Batch<Entry: BatchEntry>: MemberValue, Sendable {
    let entries: [Entry]

    init(json value: JSONValue) throws { entries = try [Entry](json: value) }

    /// - Throws: `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`, `BatchEntryIdsNotDistinct`
    func check() throws {
        guard !entries.isEmpty else { throw ServiceError.emptyBatch(of: Entry.shapeName) }
        guard entries.count <= 10 else { throw ServiceError.tooManyEntries(entries.count) }
        var seen: Set<String> = []
        for entry in entries {
            guard entry.id.utf8.count <= 80, QueueName.isIdentifier(entry.id) else {
                throw ServiceError.invalidBatchEntryID
            }
            guard seen.insert(entry.id).inserted else { throw ServiceError.batchEntryIDsNotDistinct(entry.id) }
        }
    }
}

/// Entries that went through and entries that did not, as every batch operation answers.
struct BatchOutcome<Success: OutputShape>: OutputShape {
    var successful: [Success] = []
    var failed: [BatchFailure] = []

    /// Runs `body` for one entry; an error of the service becomes its failure.
    mutating func add(_ id: String, _ body: () throws -> Success) rethrows {
        do {
            successful.append(try body())
        } catch let error as ServiceError {
            failed.append(BatchFailure(id: id, error: error))
        }
    }

    func write(to json: inout JSONWriter) {
        json.member("Successful", successful)
        if !failed.isEmpty { json.member("Failed", failed) }
    }
}

struct BatchFailure: OutputShape {
    let id: String
    let error: ServiceError

    func write(to json: inout JSONWriter) {
        json.member("Id", id)
        json.member("SenderFault", error.status < 500)
        json.member("Code", error.code)
        json.member("Message", error.message)
    }
}

/// An entry that went through and has nothing more to say.
struct BatchSuccess: OutputShape {
    let id: String
    func write(to json: inout JSONWriter) { json.member("Id", id) }
}
