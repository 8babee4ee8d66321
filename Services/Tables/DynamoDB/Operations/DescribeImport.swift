import ServiceKit

/// Describes an import.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeImport.html)
struct DescribeImport: AWSOperation {
    struct Input: InputShape {
        let importArn: String

        init(_ member: Members) throws { importArn = try member("ImportArn") }
    }

    typealias Output = ImportTable.Output

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: input.importArn)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let job = try await tables.read({ try $0.tableImport(input.importArn) }) else {
            throw ServiceError.importNotFound(input.importArn)
        }
        return Output(job: job)
    }
}
