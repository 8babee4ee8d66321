import ServiceKit
import TestSupport
import Testing

@testable import APIGateway

@Suite("API keys and usage plans")
struct UsagePlanTests {
    /// A deployed API, a key and a plan that opens the stage to it.
    private func plan(
        _ calls: APICalls, _ limits: String = ""
    ) async throws -> (api: String, key: JSONValue, plan: String) {
        let api = try await calls.createAPI()
        try await calls.putMock(api.id, api.root)
        _ = try await calls.deploy(api.id, to: "prod")
        let key = try await calls.call("CreateApiKey", #"{"name":"ann","enabled":true}"#)
        let made = try await calls.call(
            "CreateUsagePlan", #"{"name":"gold","apiStages":[{"apiId":"\#(api.id)","stage":"prod"}]\#(limits)}"#)
        let plan = try #require(made["id"]?.string)
        let id = try #require(key["id"]?.string)
        try await calls.call(
            "CreateUsagePlanKey", #"{"usagePlanId":"\#(plan)","keyId":"\#(id)","keyType":"API_KEY"}"#)
        return (api.id, key, plan)
    }

    private func resolve(_ calls: APICalls, _ api: String, _ value: String) async throws -> JSONValue? {
        do {
            return try await calls.host.call(
                "apus.apis", "ResolveApiKey", #"{"ApiId":"\#(api)","StageName":"prod","Value":"\#(value)"}"#,
                as: .service("gateway.apus"))
        } catch let error as ServiceError where error.status == 404 {
            return nil
        }
    }

    @Test("A key opens the stages of its plan while it is enabled, known and in the plan")
    func resolution() async throws {
        try await APICalls.with { calls in
            let (api, key, plan) = try await plan(calls, #","throttle":{"rateLimit":5,"burstLimit":7}"#)
            let value = try #require(key["value"]?.string)
            let id = try #require(key["id"]?.string)
            let found = try #require(try await resolve(calls, api, value))
            #expect(found["KeyId"]?.string == id && found["PlanId"]?.string == plan)
            #expect(found["Throttle"]?["burstLimit"]?.int64 == 7 && found["HasQuota"]?.bool == false)
            #expect(try await resolve(calls, api, value + "x") == nil)
            let patch = #"{"apiKey":"\#(id)","patchOperations":[{"op":"replace","path":"/enabled","value":"false"}]}"#
            try await calls.call("UpdateApiKey", patch)
            #expect(try await resolve(calls, api, value) == nil)
            try await calls.call("UpdateApiKey", patch.replacing("false", with: "true"))
            #expect(try await resolve(calls, api, value) != nil)
            try await calls.call("DeleteUsagePlanKey", #"{"usagePlanId":"\#(plan)","keyId":"\#(id)"}"#)
            #expect(try await resolve(calls, api, value) == nil)
        }
    }

    @Test("Values are shown to who asks for them, brought ones are kept, and no two keys share one")
    func values() async throws {
        try await APICalls.with { calls in
            let brought = "a-value-of-my-own-0123"
            let key = try await calls.call("CreateApiKey", #"{"name":"a","value":"\#(brought)"}"#)
            #expect(key["value"]?.string == brought && key["enabled"]?.bool == false)
            let id = try #require(key["id"]?.string)
            #expect(try await calls.call("GetApiKey", #"{"apiKey":"\#(id)"}"#)["value"] == nil)
            let shown = try await calls.call("GetApiKey", #"{"apiKey":"\#(id)","includeValue":true}"#)
            #expect(shown["value"]?.string == brought)
            let twin = try await calls.error("CreateApiKey", #"{"value":"\#(brought)"}"#)
            #expect(twin?.code == "ConflictException")
            #expect(try await calls.error("CreateApiKey", #"{"value":"short"}"#)?.code == "BadRequestException")
            let listed = try await calls.call("GetApiKeys", #"{"nameQuery":"b"}"#)
            #expect(Array(try #require(listed["items"]).elements).isEmpty)
        }
    }

    @Test("A quota admits as many requests as it has, fewer in the period a key joins, and anew in the next")
    func quota() async throws {
        try await APICalls.with { calls in
            let (_, key, plan) = try await plan(calls, #","quota":{"limit":3,"offset":1,"period":"DAY"}"#)
            let id = try #require(key["id"]?.string)
            func admitted() async throws -> Bool? {
                try await calls.host.call(
                    "apus.apis", "CountUsage", #"{"PlanId":"\#(plan)","KeyId":"\#(id)"}"#,
                    as: .service("gateway.apus"))["IsAdmitted"]?.bool
            }
            let today = String(calls.host.clock.now.iso8601().prefix(10))
            for expected in [true, true, false] { #expect(try await admitted() == expected) }
            let usage = try await calls.call(
                "GetUsage", #"{"usagePlanId":"\#(plan)","startDate":"\#(today)","endDate":"\#(today)"}"#)
            #expect(usage["items"]?[id].map { String(decoding: $0.rawBytes, as: UTF8.self) } == "[[2,0]]")
            calls.host.clock.advance(by: .seconds(86_400))
            for expected in [true, true, true, false] { #expect(try await admitted() == expected) }
        }
    }

    @Test(
        "Weeks begin on Sundays, months on their first",
        arguments: [
            ("2026-11-21", "2026-11-21", "2026-11-15", "2026-11-01"),
            ("2026-11-15", "2026-11-15", "2026-11-15", "2026-11-01"),
            ("2024-02-29", "2024-02-29", "2024-02-25", "2024-02-01"),
            ("1970-01-04", "1970-01-04", "1970-01-04", "1970-01-01"),
        ])
    func periods(day: String, daily: String, weekly: String, monthly: String) throws {
        let number = try #require(Day.parse(day))
        #expect(Day.text(PlanQuota.Period.day.start(of: number)) == daily)
        #expect(Day.text(PlanQuota.Period.week.start(of: number)) == weekly)
        #expect(Day.text(PlanQuota.Period.month.start(of: number)) == monthly)
    }

    @Test("A plan is changed by patches, refuses stages that are none, and stays while it opens one")
    func patches() async throws {
        try await APICalls.with { calls in
            let (api, key, plan) = try await plan(calls)
            func patch(_ operation: String, _ path: String, _ value: String) -> String {
                let change = #"{"op":"\#(operation)","path":"\#(path)","value":"\#(value)"}"#
                return #"{"usagePlanId":"\#(plan)","patchOperations":[\#(change)]}"#
            }
            let changed = try await calls.call("UpdateUsagePlan", patch("replace", "/throttle/rateLimit", "2.5"))
            #expect(changed["throttle"]?["rateLimit"]?.double == 2.5)
            let unknown = try await calls.error("UpdateUsagePlan", patch("add", "/apiStages", "\(api):test"))
            #expect(unknown?.code == "NotFoundException")
            #expect(try await calls.error("UpdateUsagePlan", patch("replace", "/colour", "red"))?.status == 400)
            let id = try #require(key["id"]?.string)
            let again = #"{"usagePlanId":"\#(plan)","keyId":"\#(id)","keyType":"API_KEY"}"#
            #expect(try await calls.error("CreateUsagePlanKey", again)?.code == "ConflictException")
            let plans = try await calls.call("GetUsagePlans", #"{"keyId":"\#(id)"}"#)
            #expect(plans["items"].map { $0.elements.map { $0["id"]?.string } } == [plan])
            let inUse = try await calls.error("DeleteUsagePlan", #"{"usagePlanId":"\#(plan)"}"#)
            #expect(inUse?.code == "BadRequestException")
            try await calls.call("UpdateUsagePlan", patch("remove", "/apiStages", "\(api):prod"))
            try await calls.call("DeleteUsagePlan", #"{"usagePlanId":"\#(plan)"}"#)
            #expect(try await calls.error("GetUsagePlan", #"{"usagePlanId":"\#(plan)"}"#)?.status == 404)
        }
    }

    @Test(
        "A Lambda authorizer that could not decide is refused",
        arguments: [
            (#""type":"TOKEN","authorizerUri":"nonsense""#, "Invalid Authorizer URI"),
            (#""type":"TOKEN""#, "Identity source must be specified"),
            (#""type":"REQUEST""#, "Identity source must be specified"),
            (#""type":"REQUEST","authorizerResultTtlInSeconds":3601"#, "Authorizer result TTL"),
            (
                #""type":"TOKEN","identitySource":"method.request.header.A","identityValidationExpression":"(""#,
                "Invalid id"
            ),
        ])
    func authorizers(members: String, message: String) async throws {
        try await APICalls.with { calls in
            let api = try await calls.createAPI()
            let function = "arn:aws:lambda:us-east-1:000000000000:function:f"
            let uri = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/\(function)/invocations"
            let more = members.contains("authorizerUri") ? "" : #","authorizerUri":"\#(uri)""#
            let refused = try await calls.error(
                "CreateAuthorizer", #"{"restApiId":"\#(api.id)","name":"a",\#(members)\#(more)}"#)
            #expect(refused?.code == "BadRequestException" && refused?.message.hasPrefix(message) == true)
        }
    }
}
