import ServiceKit

/// Chooses the attribute that says when items expire, or none.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html)
struct UpdateTimeToLive: AWSOperation {
    struct Input: InputShape {
        let table: TableReference
        let specification: Specification

        init(_ member: Members) throws {
            table = try member("TableName")
            specification = try member("TimeToLiveSpecification")
        }
    }

    struct Specification: InputShape, OutputShape {
        let isEnabled: Bool
        let attribute: String

        init(_ member: Members) throws {
            isEnabled = try member("Enabled")
            attribute = try member("AttributeName")
        }

        func write(to json: inout JSONWriter) {
            json.member("Enabled", isEnabled)
            json.member("AttributeName", attribute)
        }
    }

    struct Output: OutputShape {
        let specification: Specification

        func write(to json: inout JSONWriter) { json.member("TimeToLiveSpecification", specification) }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let specification = input.specification
        let catalog = tables.catalog
        try await tables.change(tables.describedTable(input.table, in: call)) { table, transaction in
            try Self.change(&table, specification)
            try transaction.synchronizeReplicas(with: table, in: catalog, at: call.now)
        }
        tables.backgroundWork.signal()
        return Output(specification: specification)
    }

    private static func change(
        _ table: inout TableDefinition, _ specification: Specification
    ) throws(ServiceError) {
        let attribute = Text(specification.attribute)
        switch (table.timeToLive, specification.isEnabled) {
        case (nil, false): throw .validation("TimeToLive is already disabled")
        case (.some, true): throw .validation("TimeToLive is already enabled")
        case (nil, true): table.timeToLive = TableDefinition.TimeToLive(attribute: attribute, backfillPosition: [])
        case (let current?, false):
            guard current.attribute == attribute else {
                throw .validation(
                    "TimeToLive is active on a different AttributeName: current AttributeName is \(current.attribute)")
            }
            table.timeToLive = nil
        }
    }
}
