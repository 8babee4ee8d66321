import APIGateway
import ServiceKit
import TestSupport
import Testing

/// API Gateway's control plane on a store of its own, with shorthand for what the tests do over and over.
struct APICalls {
    let host: TestHost

    static func with(_ body: (APICalls) async throws -> Void) async throws {
        try await TestHost.with("apis", { try APIGateway.services(on: $0) }) { try await body(APICalls(host: $0)) }
    }

    @discardableResult
    func call(_ operation: String, _ input: String = "{}") async throws -> JSONValue {
        try await host.call("apigateway", operation, input)
    }

    func error(_ operation: String, _ input: String = "{}") async throws -> ServiceError? {
        try await host.error(of: "apigateway", operation, input)
    }

    func createAPI(_ name: String = "todos") async throws -> (id: String, root: String) {
        let api = try await call("CreateRestApi", #"{"name":"\#(name)"}"#)
        return (try #require(api["id"]?.string), try #require(api["rootResourceId"]?.string))
    }

    func createResource(_ part: String, below parent: String, of api: String) async throws -> String {
        let resource = try await call(
            "CreateResource", #"{"restApiId":"\#(api)","parentId":"\#(parent)","pathPart":"\#(part)"}"#)
        return try #require(resource["id"]?.string)
    }

    static func place(_ api: String, _ resource: String, _ verb: String, _ more: String = "") -> String {
        #"{"restApiId":"\#(api)","resourceId":"\#(resource)","httpMethod":"\#(verb)"\#(more)}"#
    }

    /// A method that answers by itself with a status.
    func putMock(_ api: String, _ resource: String, _ verb: String = "GET", status: Int = 200) async throws {
        try await call("PutMethod", Self.place(api, resource, verb, #","authorizationType":"NONE""#))
        try await putIntegration(api, resource, verb, status: status)
    }

    func putIntegration(_ api: String, _ resource: String, _ verb: String = "GET", status: Int) async throws {
        let template = #","type":"MOCK","requestTemplates":{"application/json":"{\"statusCode\": \#(status)}"}"#
        try await call("PutIntegration", Self.place(api, resource, verb, template))
    }

    func deploy(_ api: String, to stage: String? = nil) async throws -> String {
        let stage = stage.map { #","stageName":"\#($0)""# } ?? ""
        return try #require(try await call("CreateDeployment", #"{"restApiId":"\#(api)"\#(stage)}"#)["id"]?.string)
    }

    /// What a gateway reads of a stage.
    func snapshot(_ api: String, _ stage: String = "prod") async throws -> JSONValue {
        try await host.call(
            "apus.apis", "GetStageSnapshot", #"{"ApiId":"\#(api)","StageName":"\#(stage)"}"#,
            as: .service("gateway.apus"))
    }
}
