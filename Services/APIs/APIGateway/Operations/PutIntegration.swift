import ServiceKit

/// Says what stands behind a method.
///
/// [API reference](https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html)
struct PutIntegration: AWSOperation {
    struct Input: InputShape {
        let place: MethodPlace
        let type: String
        let integrationHttpMethod: String?
        let uri: String?
        let requestTemplates: [String: String]
        var members: StoredMembers

        init(_ member: Members) throws {
            place = try MethodPlace(member)
            type = try member("type")
            integrationHttpMethod = try member("integrationHttpMethod")
            uri = try member("uri")
            requestTemplates = try member("requestTemplates") ?? [:]
            members = try StoredMembers(member, names: Integration.memberNames)
        }
    }

    let store: APIStore

    func permissions(for input: Input, in call: Call) -> [Permission] {
        [Permission("apigateway:PUT", on: input.place.arn(in: call))]
    }

    func perform(_ input: Input, in call: Call) async throws -> Integration {
        try input.check()
        var members = input.members
        if let method = input.integrationHttpMethod { members.set("httpMethod", method) }
        members.setDefault("passthroughBehavior", "WHEN_NO_MATCH")
        members.setDefault("timeoutInMillis", 29_000)
        members.setDefault("cacheNamespace", input.place.resourceId)
        members.setDefault("cacheKeyParameters", [String]())
        let integration = Integration(members: members)
        return try await store.changeMethod(input.place, in: call) { method in
            method.integration = integration
            return integration
        }
    }
}

extension PutIntegration.Input {
    /// - Throws: `BadRequestException` for what AWS refuses, and, by name, for what Apus cannot serve yet.
    fileprivate func check() throws {
        switch type {
        case "AWS_PROXY":
            guard let uri, uri.contains(":lambda:path/"), uri.hasSuffix("/invocations") else {
                throw ServiceError.badRequest("Invalid ARN specified in the request")
            }
            guard integrationHttpMethod != nil else {
                throw ServiceError.badRequest("Enumeration value for HttpMethod must be non-empty")
            }
        case "HTTP_PROXY":
            guard let uri, uri.hasPrefix("http://") || uri.hasPrefix("https://") else {
                throw ServiceError.badRequest("Invalid HTTP endpoint specified for URI")
            }
        case "MOCK": try checkTemplates()
        case "AWS", "HTTP":
            throw ServiceError.badRequest("Integrations of type \(type) are not implemented by Apus; use a proxy type.")
        default: throw ServiceError.badRequest("Invalid integration type specified")
        }
    }

    private func checkTemplates() throws {
        for template in requestTemplates.values where template.contains("$") || template.contains("#") {
            throw ServiceError.badRequest("Mapping templates with VTL expressions are not implemented by Apus.")
        }
    }
}
