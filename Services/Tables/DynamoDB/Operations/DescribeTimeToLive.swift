import ServiceKit

/// Says which attribute, if any, lets items expire.
///
/// [API reference](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTimeToLive.html)
struct DescribeTimeToLive: AWSOperation {
    struct Input: InputShape {
        let table: TableReference

        init(_ member: Members) throws { table = try member("TableName") }
    }

    struct Output: OutputShape {
        let attribute: Text?

        func write(to json: inout JSONWriter) {
            json.member("TimeToLiveDescription") { json in
                json.object { json in
                    json.member("TimeToLiveStatus", attribute == nil ? "DISABLED" : "ENABLED")
                    json.member("AttributeName", attribute?.string)
                }
            }
        }
    }

    let tables: TableStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [tables.permission(on: input.table, in: call)] }

    func perform(_ input: Input, in call: Call) throws -> Output {
        Output(attribute: try tables.describedTable(input.table, in: call).timeToLive?.attribute)
    }
}
