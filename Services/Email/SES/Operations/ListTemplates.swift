import ServiceKit

/// Lists templates, page by page.
///
/// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference/API_ListTemplates.html)
struct ListTemplates: AWSOperation {
    struct Input: InputShape {
        let nextToken: String?
        let maxItems: Int

        init(_ member: Members) throws {
            nextToken = try member("NextToken")
            maxItems = min(max(try member("MaxItems") ?? 10, 1), 100)
        }
    }

    struct Output: OutputShape {
        let templates: [Template]
        let nextToken: String?

        func write(to json: inout JSONWriter) {
            json.member("TemplatesMetadata") { json in
                json.array { json in
                    for template in templates {
                        json.object { json in
                            json.member("Name", template.name)
                            json.member("CreatedTimestamp", template.created)
                        }
                    }
                }
            }
            json.member("NextToken", nextToken)
        }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        let page = try await store.page(input.nextToken, limit: input.maxItems, scope: "templates", position: \.name) {
            try $0.templates(in: call, after: $1, limit: $2)
        }
        return Output(templates: page.elements, nextToken: page.next)
    }
}
