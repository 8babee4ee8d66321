import ServiceKit
import TestSupport
import Testing

@Suite("Deployments and stages")
struct StageTests {
    /// An API with one method that answers 200, deployed to `prod`.
    private func withStage(_ body: (APICalls, _ api: String, _ root: String) async throws -> Void) async throws {
        try await APICalls.with { calls in
            let (api, root) = try await calls.createAPI()
            try await calls.putMock(api, root)
            _ = try await calls.deploy(api, to: "prod")
            try await body(calls, api, root)
        }
    }

    private func patch(_ api: String, _ patches: (path: String, value: String)...) -> String {
        let operations = patches.map { #"{"op":"replace","path":"\#($0.path)","value":"\#($0.value)"}"# }
        return #"{"restApiId":"\#(api)","stageName":"prod","patchOperations":[\#(operations.joined(separator: ","))]}"#
    }

    private func template(_ snapshot: JSONValue) -> String? {
        let root = snapshot["Snapshot"]?["resources"]?.elements.first { $0["path"]?.string == "/" }
        return root?["resourceMethods"]?["GET"]?["methodIntegration"]?["requestTemplates"]?["application/json"]?.string
    }

    @Test("An API without a method, or with a method without an integration, is not deployed")
    func undeployable() async throws {
        try await APICalls.with { calls in
            let (api, root) = try await calls.createAPI()
            let input = #"{"restApiId":"\#(api)"}"#
            #expect(try await calls.error("CreateDeployment", input)?.code == "BadRequestException")
            try await calls.call("PutMethod", APICalls.place(api, root, "GET", #","authorizationType":"NONE""#))
            #expect(
                try await calls.error("CreateDeployment", input)?.message == "No integration defined for method")
        }
    }

    @Test("A stage serves what was deployed, whatever happens to the API afterwards")
    func immutability() async throws {
        try await withStage { calls, api, root in
            try await calls.putIntegration(api, root, status: 201)
            try await calls.putMock(api, try await calls.createResource("new", below: root, of: api))
            let before = try await calls.snapshot(api)
            #expect(template(before) == #"{"statusCode": 200}"#)
            #expect(before["Snapshot"]?["resources"].map { Array($0.elements).count } == 1)

            let second = try await calls.deploy(api)
            #expect(try await template(calls.snapshot(api)) == #"{"statusCode": 200}"#)
            try await calls.call("UpdateStage", patch(api, ("/deploymentId", second)))
            let after = try await calls.snapshot(api)
            #expect(after["Stage"]?["deploymentId"]?.string == second)
            #expect(after["Snapshot"]?["resources"].map { Array($0.elements).count } == 2)
        }
    }

    @Test("A deployment in use stays; a stage's name is taken once")
    func references() async throws {
        try await withStage { calls, api, _ in
            let stage = try await calls.call("GetStage", #"{"restApiId":"\#(api)","stageName":"prod"}"#)
            let deployment = try #require(stage["deploymentId"]?.string)
            let named = #"{"restApiId":"\#(api)","deploymentId":"\#(deployment)""#
            #expect(try await calls.error("DeleteDeployment", named + "}")?.code == "BadRequestException")
            #expect(try await calls.error("CreateStage", named + #","stageName":"prod"}"#)?.code == "ConflictException")
            #expect(
                try await calls.error("CreateStage", named + #","stageName":"a b"}"#)?.code == "BadRequestException")
            let unknown = #"{"restApiId":"\#(api)","deploymentId":"nope","stageName":"test"}"#
            #expect(try await calls.error("CreateStage", unknown)?.code == "NotFoundException")
            try await calls.call("CreateStage", named + #","stageName":"test"}"#)
            try await calls.call("DeleteStage", #"{"restApiId":"\#(api)","stageName":"prod"}"#)
            try await calls.call("DeleteStage", #"{"restApiId":"\#(api)","stageName":"test"}"#)
            try await calls.call("DeleteDeployment", named + "}")
        }
    }

    @Test("Deleting an API takes its stages with it")
    func deletion() async throws {
        try await withStage { calls, api, _ in
            try await calls.call("DeleteRestApi", #"{"restApiId":"\#(api)"}"#)
            await #expect(throws: ServiceError.self) { try await calls.snapshot(api) }
            #expect(try await calls.call("GetRestApis")["items"].map { Array($0.elements).isEmpty } == true)
        }
    }

    @Test("Patches reach settings, variables and one method's throttling, whose path is escaped")
    func patches() async throws {
        try await withStage { calls, api, _ in
            let stage = try await calls.call(
                "UpdateStage",
                patch(
                    api, ("/description", "the real one"), ("/cacheClusterEnabled", "true"),
                    ("/variables/table", "todos"),
                    ("/*/*/caching/enabled", "true"), ("/~1todos~1{id}/GET/throttling/rateLimit", "2.5")))
            #expect(stage["description"]?.string == "the real one")
            #expect(stage["cacheClusterStatus"]?.string == "AVAILABLE")
            #expect(stage["variables"]?["table"]?.string == "todos")
            #expect(stage["methodSettings"]?["*/*"]?["cachingEnabled"]?.bool == true)
            #expect(stage["methodSettings"]?["todos/{id}/GET"]?["throttlingRateLimit"]?.double == 2.5)
            #expect(stage["methodSettings"]?["todos/{id}/GET"]?["throttlingBurstLimit"]?.int64 == 5000)
            let removal =
                #"{"restApiId":"\#(api)","stageName":"prod","patchOperations":[{"op":"remove","path":"/variables/table"}]}"#
            #expect(try await calls.call("UpdateStage", removal)["variables"]?["table"] == nil)
        }
    }

    @Test(
        "A patch that is refused changes nothing, nor do those before it",
        arguments: [
            ("/nonsense", "1"), ("/*/*/throttling/rateLimit", "fast"), ("/*/*/caching/nonsense", "1"),
            ("/*/*/caching", "1"), ("/deploymentId", "nope"), ("", "1"),
        ])
    func refusedPatches(path: String, value: String) async throws {
        try await withStage { calls, api, _ in
            let error = try await calls.error("UpdateStage", patch(api, ("/description", "half"), (path, value)))
            #expect(["BadRequestException", "NotFoundException"].contains(error?.code))
            let stage = try await calls.call("GetStage", #"{"restApiId":"\#(api)","stageName":"prod"}"#)
            #expect(stage["description"] == nil)
        }
    }
}
