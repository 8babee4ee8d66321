import HTTP
import HTTPTypes
import ServiceKit
import Testing

@testable import ExecuteAPI

/// A stage as the control plane hands it to the gateway: `GET /items/{id}`, a mock with two cache keys.
enum StageExample {
    static func stage(updated: Int = 1, binary: String = "image/*") throws -> StageDefinition {
        try StageDefinition(
            json: JSONDocument(
                Array(
                    #"""
                    {"Snapshot":{"api":{"id":"a1","binaryMediaTypes":["\#(binary)"]},"account":"000000000000",
                    "region":"us-east-1","authorizers":[],"resources":[{"id":"r","path":"/items/{id}","resourceMethods":{"GET":
                    {"httpMethod":"GET","authorizationType":"NONE","methodIntegration":{"type":"MOCK","cacheKeyParameters":
                    ["method.request.querystring.page","method.request.header.X-Who","method.request.path.id"]}}}}]},
                    "Stage":{"stageName":"prod","deploymentId":"d1","lastUpdatedDate":\#(updated),
                    "cacheClusterEnabled":true,"variables":{"fn":"todo"},"methodSettings":{
                    "items/{id}/GET":{"throttlingRateLimit":1,"throttlingBurstLimit":2},
                    "*/POST":{"cacheTtlInSeconds":7}}}}
                    """#.utf8)
            ).root)
    }

    static func invocation(
        _ path: String = "/items/1", query: String = "", fields: HTTPFields = HTTPFields(), updated: Int = 1,
        binary: String = "image/*"
    ) throws -> Invocation {
        let stage = try stage(updated: updated, binary: binary)
        let match = try #require(stage.routes.match(method: "GET", path: path))
        let head = RequestHead(method: "GET", target: "/prod\(path)\(query.isEmpty ? "" : "?")\(query)", fields: fields)
        return Invocation(
            request: HTTPRequest(head: head), target: ExecuteAPI.Target(apiID: "a1", stage: "prod", path: path),
            stage: stage, match: match, authorization: .open, requestID: "id", now: Timestamp(seconds: 0))
    }
}
