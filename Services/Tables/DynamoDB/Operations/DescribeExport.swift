import ServiceKit

/// Describes an export.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeExport.html)
struct DescribeExport: AWSOperation {
    struct Input: InputShape {
        let exportArn: String

        init(_ member: Members) throws { exportArn = try member("ExportArn") }
    }

    typealias Output = ExportTableToPointInTime.Output

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: input.exportArn)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        guard let export = try await tables.read({ try $0.export(input.exportArn) }) else {
            throw ServiceError.exportNotFound(input.exportArn)
        }
        return Output(export: export)
    }
}
