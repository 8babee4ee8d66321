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
        let page: Page<Template>
        func write(to json: inout JSONWriter) { page.write(to: &json, nameMember: "Name") }
    }

    let store: MailStore

    func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

    func perform(_ input: Input, in call: Call) async throws -> Output {
        Output(page: try await store.templates(input.nextToken, limit: input.maxItems, scope: "templates", in: call))
    }
}

extension Page<Template> {
    /// Both API generations list alike; only what they call the name differs.
    func write(to json: inout JSONWriter, nameMember: String) {
        json.member("TemplatesMetadata") { json in
            json.array { json in
                for template in elements {
                    json.object { json in
                        json.member(nameMember, template.name)
                        json.member("CreatedTimestamp", template.created)
                    }
                }
            }
        }
        json.member("NextToken", next)
    }
}
