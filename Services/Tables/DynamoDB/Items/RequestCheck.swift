import AWSModel
import ServiceKit

/// The checks of a request that AWS makes before it looks for the table. Since 2026 it tells what writes of one item
/// break there, and what Query's `Select` does, as it tells of the model's constraints. Other reads, batches and
/// transactions are told without those words, and so are values that are no values.
///
/// [moto's tests, run against AWS](https://github.com/getmoto/moto/tree/master/tests/test_dynamodb), and
/// [captures](https://github.com/paritysuite/dynamodb-conformance/blob/main/tests/tier3/error-messages/valueLayers.test.ts)
enum RequestCheck {
    static func run<Result>(_ check: () throws -> Result) throws -> Result {
        do {
            return try check()
        } catch let error as ServiceError where error.code == ServiceError.validationCode {
            throw violation(error)
        } catch let fault as AttributeValueFault where fault.kind != .unreadable && fault.kind != .malformed {
            throw violation(fault.newerError)
        }
    }

    /// Of GetItem, BatchGetItem and Query: newer words for values, without those around them.
    static func read<Result>(_ check: () throws -> Result) throws -> Result {
        do { return try check() } catch let fault as AttributeValueFault { throw fault.newerError }
    }

    private static func violation(_ error: ServiceError) -> ServiceError {
        .validation(InputFault.validation([error.message]).message)
    }
}
