import ServiceKit

/// Ends the regeneration of a bucket's images after the one in hand. Input: `Bucket`. Output: as `ListRegenerations` lists it.
struct CancelRegeneration: AWSOperation {
    let database: Database

    func permissions(for input: BucketInput, in call: Call) -> [Permission] { [] }

    /// - Throws: `ResourceNotFoundException`
    func perform(_ input: BucketInput, in call: Call) async throws -> Regeneration {
        let now = call.now
        return try await database.write { transaction in
            guard var one = try transaction.regeneration(of: input.bucket), one.state == .running else {
                throw ServiceError(
                    "ResourceNotFoundException", "The images of \(input.bucket) are not being derived.", status: 404)
            }
            one.state = .cancelled
            one.ended = now
            try transaction.put(one)
            return one
        }
    }
}
