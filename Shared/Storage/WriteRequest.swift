/// A queued write, its result type erased.
struct WriteRequest: Sendable {
    /// Runs the body, and returns how to answer once it is known whether the batch was committed.
    let run: @Sendable (Transaction) -> Outcome
    /// Answers a request that was never run.
    let refuse: @Sendable (StorageError) -> Void

    struct Outcome {
        /// The body threw: undo what it did.
        let failed: Bool
        /// Resumes the writer; `nil` when the commit is durable.
        let answer: (StorageError?) -> Void
    }

    init<T: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> T, _ continuation: CheckedContinuation<T, any Error>
    ) {
        run = { transaction in
            let result = Result { try body(transaction) }
            switch result {
            case .failure: return Outcome(failed: true) { _ in continuation.resume(with: result) }
            case .success:
                return Outcome(failed: false) { error in
                    if let error { continuation.resume(throwing: error) } else { continuation.resume(with: result) }
                }
            }
        }
        refuse = { continuation.resume(throwing: $0) }
    }
}
