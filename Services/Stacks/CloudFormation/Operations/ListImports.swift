import ServiceKit

/// Lists the stacks that import a value.
///
/// [API reference](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListImports.html)
struct ListImports: AWSOperation {
    struct Input: InputShape {
        let exportName: String
        let token: String?

        init(_ member: Members) throws {
            exportName = try member("ExportName")
            token = try member("NextToken")
        }
    }

    struct Output: OutputShape {
        let page: Page<String>

        func write(to json: inout JSONWriter) {
            json.member("Imports", page.elements)
            json.member("NextToken", page.next)
        }
    }

    let store: StackStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let place = Place(call)
        let names = try await store.read { try $0.importers(of: input.exportName, at: place) }
        guard !names.isEmpty else {
            throw ServiceError.validation("Export '\(input.exportName)' is not imported by any stack.")
        }
        let scope = "ListImports \(place.account) \(place.region) \(input.exportName)"
        return Output(page: try store.page(of: names, input.token, scope: scope, name: { $0 }))
    }
}
