import AWSModel
import Synchronization

/// Checks an input against the model's constraints, in AWS's words. The model is read when the first input comes.
final class InputValidator: Sendable {
    private enum State {
        case unread
        /// No model, or an operation without input: nothing to check.
        case unconstrained
        case ready(ConstraintChecker, ShapeID)
    }

    private let service: AWSService
    private let operation: String
    private let state: Mutex<State>

    private static let library = Result { try ModelLibrary.installed() }

    init(service: AWSService, operation: String) {
        self.service = service
        self.operation = operation
        state = Mutex(service.isInternal ? .unconstrained : .unread)
    }

    /// - Throws: `SerializationException` for a value of the wrong kind, the service's validation error for the rest.
    func check(_ input: JSONValue) throws {
        guard case .ready(let checker, let shape) = try read() else { return }
        do {
            try checker.check(input, against: shape, except: service.ownEnumerations)
        } catch {
            switch error {
            case .serialization(let message): throw ServiceError("SerializationException", message)
            case .validation, .refusal:
                if !service.errors.malformedBodies.isEmpty, let body = checker.faultyBody(of: input, against: shape),
                    let malformed = service.errors.malformedBodies[body]
                {
                    throw malformed
                }
                throw ServiceError(service.errors.validationCode, error.message)
            }
        }
    }

    private func read() throws -> State {
        try state.withLock { state in
            guard case .unread = state else { return state }
            let library = try InputValidator.library.get()
            guard library.index[service.name] != nil else {
                state = .unconstrained
                return state
            }
            let model = try library.model(service.name)
            if let shape = model.operations[operation]?.input {
                state = .ready(ConstraintChecker(model, expecting: shape, wording: service.wording), shape)
            } else {
                state = .unconstrained
            }
            return state
        }
    }
}
