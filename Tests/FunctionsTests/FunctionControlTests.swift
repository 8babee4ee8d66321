import Foundation
import ServiceKit
import Testing

@testable import Lambda

@Suite("Functions, their names, aliases and policies", .needsNamespaces)
struct FunctionControlTests {
    private static let source = "def handler(event, context): pass\n"

    @Test("A function is shown with AWS's defaults, and found by name, partial ARN and ARN")
    func describes() async throws {
        try await LambdaFixture.with { fixture in
            let created = try await fixture.create("f", python: Self.source, ["Tags": ["team": "a"]])
            #expect(created["FunctionArn"]?.string == "arn:aws:lambda:us-east-1:000000000000:function:f")
            #expect(created["Timeout"]?.int64 == 3 && created["MemorySize"]?.int64 == 128)
            #expect(created["State"]?.string == "Active" && created["Version"]?.string == "$LATEST")
            for name in ["f", "000000000000:function:f", "arn:aws:lambda:us-east-1:000000000000:function:f"] {
                let found = try await fixture.call("GetFunction", ["FunctionName": name])
                #expect(found["Configuration"]?["CodeSha256"]?.string == created["CodeSha256"]?.string)
                #expect(found["Tags"]?["team"]?.string == "a")
            }
            let missing = try await fixture.error("GetFunction", ["FunctionName": "g"])
            #expect(missing?.code == "ResourceNotFoundException" && missing?.status == 404)
            #expect(missing?.message == "Function not found: arn:aws:lambda:us-east-1:000000000000:function:g")
        }
    }

    @Test("What AWS refuses at creation is refused in its words")
    func refusesCreation() async throws {
        try await LambdaFixture.with { fixture in
            try await fixture.create("f", python: Self.source)
            func refusal(_ more: [String: Any]) async throws -> ServiceError? {
                do {
                    try await fixture.create("g", python: Self.source, more)
                    return nil
                } catch let error as ServiceError {
                    return error
                }
            }
            #expect(try await refusal(["FunctionName": "f"])?.message == "Function already exist: f")
            let stranger = try await refusal(["Role": "arn:aws:iam::000000000000:role/stranger"])
            #expect(stranger?.message == "The role defined for the function cannot be assumed by Lambda.")
            let zip = try await refusal(["Code": ["ZipFile": Data("no zip".utf8).base64EncodedString()]])
            #expect(zip?.message == "Could not unzip uploaded file. Please check your file, then try to upload again.")
            let reserved = try await refusal(["Environment": ["Variables": ["AWS_REGION": "x"]]])
            #expect(reserved?.code == "InvalidParameterValueException")
            #expect(reserved?.message.hasSuffix("Reserved keys used in this request: AWS_REGION") == true)
            let installed = try await refusal(["Runtime": "ruby3.4"])
            #expect(installed?.message.hasPrefix("The runtime ruby3.4 is not installed on this host.") == true)
        }
    }

    @Test("An alias sends its share of invocations to a second version")
    func routesByWeight() throws {
        let json =
            #"{"AliasArn":"arn:aws:lambda:us-east-1:1:function:f:live","Name":"live","FunctionVersion":"1","#
            + #""RoutingConfig":{"AdditionalVersionWeights":{"2":0.25}},"RevisionId":"r"}"#
        let alias = try Alias(json: JSONDocument(Array(json.utf8)).root)
        #expect(alias.version(draw: 0.2499) == "2")
        #expect(alias.version(draw: 0.25) == "1")
    }

    @Test("A version that an alias points to is not deleted; one that nothing points to is")
    func deletesVersions() async throws {
        try await LambdaFixture.with { fixture in
            try await fixture.create("f", python: Self.source, ["Publish": true])
            try await fixture.call("CreateAlias", ["FunctionName": "f", "Name": "live", "FunctionVersion": "1"])
            let error = try await fixture.error("DeleteFunction", ["FunctionName": "f", "Qualifier": "1"])
            #expect(error?.code == "ResourceConflictException")
            try await fixture.call("DeleteAlias", ["FunctionName": "f", "Name": "live"])
            try await fixture.call("DeleteFunction", ["FunctionName": "f", "Qualifier": "1"])
            let versions = try await fixture.call("ListVersionsByFunction", ["FunctionName": "f"])
            #expect(versions["Versions"]?.elements.map { $0["Version"]?.string } == ["$LATEST"])
            try await fixture.call("DeleteFunction", ["FunctionName": "f"])
            #expect(try await fixture.error("GetFunction", ["FunctionName": "f"])?.status == 404)
        }
    }

    @Test("A permission becomes a statement of the policy, once, and is what callers are checked against")
    func policies() async throws {
        try await LambdaFixture.with { fixture in
            try await fixture.create("f", python: Self.source)
            #expect(try await fixture.error("GetPolicy", ["FunctionName": "f"])?.status == 404)
            let permission: [String: Any] = [
                "FunctionName": "f", "StatementId": "s3", "Action": "lambda:InvokeFunction",
                "Principal": "s3.amazonaws.com", "SourceArn": "arn:aws:s3:::photos",
            ]
            try await fixture.call("AddPermission", permission)
            #expect(try await fixture.error("AddPermission", permission)?.code == "ResourceConflictException")
            let policy = try await fixture.call("GetPolicy", ["FunctionName": "f"])
            #expect(
                policy["Policy"]?.string == #"{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"s3","#
                    + #""Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","#
                    + #""Resource":"arn:aws:lambda:us-east-1:000000000000:function:f","#
                    + #""Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::photos"}}}]}"#)
            try await fixture.call("RemovePermission", ["FunctionName": "f", "StatementId": "s3"])
            #expect(try await fixture.error("GetPolicy", ["FunctionName": "f"])?.status == 404)
        }
    }

    @Test("Payloads that are no JSON, or too long, are refused before anything runs")
    func refusesPayloads() async throws {
        try await LambdaFixture.with { fixture in
            try await fixture.create("f", python: Self.source)
            let nonsense = Data("{".utf8).base64EncodedString()
            let error = try await fixture.error("Invoke", ["FunctionName": "f", "Payload": nonsense])
            #expect(error?.code == "InvalidRequestContentException")
            let long = Data(repeating: 0x20, count: 6_291_457).base64EncodedString()
            let tooLong = try await fixture.error("Invoke", ["FunctionName": "f", "Payload": long])
            #expect(tooLong?.code == "RequestTooLargeException" && tooLong?.status == 413)
            let dry = try await fixture.call("Invoke", ["FunctionName": "f", "InvocationType": "DryRun"])
            #expect(dry["StatusCode"]?.int64 == 204)
        }
    }
}

@Suite("Filters of event sources")
struct EventPatternTests {
    @Test(
        "Each rule of a pattern decides as documented",
        arguments: [
            (#"{"a":["x"]}"#, #"{"a":"x"}"#, true), (#"{"a":["x","y"]}"#, #"{"a":"z"}"#, false),
            (#"{"a":{"b":[1]}}"#, #"{"a":{"b":1.0}}"#, true), (#"{"a":[{"prefix":"ab"}]}"#, #"{"a":"abc"}"#, true),
            (#"{"a":[{"suffix":".jpg"}]}"#, #"{"a":"x.png"}"#, false), (#"{"a":[{"exists":false}]}"#, "{}", true),
            (#"{"a":[{"exists":true}]}"#, "{}", false), (#"{"a":[{"anything-but":["x"]}]}"#, #"{"a":"x"}"#, false),
            (#"{"a":[{"numeric":[">",1,"<=",5]}]}"#, #"{"a":5}"#, true), (#"{"a":["x"]}"#, #"{"a":["y","x"]}"#, true),
            (#"{"body":{"n":[7]}}"#, #"{"body":"{\"n\":7}"}"#, true),
            (#"{"body":{"n":[7]}}"#, #"{"body":"text"}"#, false),
            (#"{"$or":[{"a":[1]},{"b":[1]}]}"#, #"{"b":1}"#, true), (#"{"a":[null]}"#, #"{"a":null}"#, true),
            (#"{"a":[{"equals-ignore-case":"AB"}]}"#, #"{"a":"ab"}"#, true),
        ])
    func decides(_ pattern: String, _ document: String, _ expected: Bool) throws {
        let pattern = try EventPattern(Array(pattern.utf8))
        #expect(pattern.matches(try JSONDocument(Array(document.utf8)).root) == expected)
    }

    @Test("A function's answer says which records failed; one that cannot be understood fails all")
    func batchOutcome() {
        func outcome(_ payload: String) -> BatchOutcome {
            BatchOutcome(.success(Array(payload.utf8)), reportsItemFailures: true)
        }
        #expect(outcome("null") == .success)
        #expect(outcome(#"{"batchItemFailures":[]}"#) == .success)
        #expect(outcome(#"{"batchItemFailures":[{"itemIdentifier":"a"}]}"#) == .partial(["a"]))
        #expect(outcome(#"{"batchItemFailures":[{"itemIdentifier":""}]}"#) == .failure)
        #expect(outcome(#"{"batchItemFailures":[{"x":1}]}"#) == .failure)
        #expect(BatchOutcome(.failure([]), reportsItemFailures: true) == .failure)
    }
}
