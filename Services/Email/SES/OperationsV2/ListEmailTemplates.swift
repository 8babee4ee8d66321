import ServiceKit

extension SESv2 {
    /// Lists templates, page by page.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListEmailTemplates.html)
    struct ListEmailTemplates: AWSOperation {
        struct Input: InputShape {
            let nextToken: String?
            let pageSize: Int

            init(_ member: Members) throws {
                nextToken = try member("NextToken")
                pageSize = min(max(try member("PageSize") ?? 10, 1), 100)
            }
        }

        struct Output: OutputShape {
            let page: Page<Template>
            func write(to json: inout JSONWriter) { page.write(to: &json, nameMember: "TemplateName") }
        }

        let store: MailStore

        func permissions(for input: Input, in call: Call) -> [Permission] { [Permission(on: "*")] }

        func perform(_ input: Input, in call: Call) async throws -> Output {
            Output(
                page: try await store.templates(
                    input.nextToken, limit: input.pageSize, scope: "templates v2", in: call))
        }
    }
}
