import ServiceKit

/// Lists the Kinesis streams a table's changes go to: none, as no operation here can name one.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeKinesisStreamingDestination.html)
struct DescribeKinesisStreamingDestination: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        let table: String

        func write(to json: inout JSONWriter) {
            json.member("TableName", table)
            json.member("KinesisDataStreamDestinations", [String]())
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        Output(table: try tables.describedTable(input.table, in: call).name)
    }
}
