import ServiceKit
import TestSupport

typealias TablesProcess = ExecutableProcess

extension TablesProcess {
    convenience init(folder: String) throws { try self.init("tables", folder: folder) }

    @discardableResult
    func call(
        _ operation: String, _ input: String = "{}", service: String = "dynamodb", in region: String? = nil
    ) async throws -> JSONValue {
        try await reply(service, operation, input, in: region).output
    }

    func untilReady() async throws { try await untilReady("dynamodb", "ListTables") }
}
