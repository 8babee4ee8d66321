import Foundation
import ServiceKit
import Testing

@testable import Lambda

@Suite("Layers", .needsNamespaces)
struct LayerTests {
    private static let source = """
        import tool
        def handler(event, context):
            return [tool.name, open('/opt/note').read()]
        """

    private func publish(_ fixture: LambdaFixture, _ name: String, _ files: [String: String]) async throws -> String {
        let layer = try await fixture.call(
            "PublishLayerVersion",
            ["LayerName": name, "Content": ["ZipFile": ZipFile(files).base64], "CompatibleRuntimes": ["python3.11"]])
        return try #require(layer["LayerVersionArn"]?.string)
    }

    @Test("A function finds its layers below /opt, the later over the earlier, also once they are deleted")
    func mounted() async throws {
        try await LambdaFixture.with { fixture in
            let first = try await publish(fixture, "tools", ["python/tool.py": "name = 'first'", "note": "one"])
            let second = try await publish(fixture, "notes", ["note": "two", "python/other.py": ""])
            #expect(first == "arn:aws:lambda:us-east-1:000000000000:layer:tools:1")
            let created = try await fixture.create("f", python: Self.source, ["Layers": [first, second]])
            #expect(created["Layers"].map { $0.elements.map { $0["Arn"]?.string } } == [first, second])
            #expect(try await fixture.invoke("f").payload == #"["first", "two"]"#)
            try await fixture.call("DeleteLayerVersion", ["LayerName": "tools", "VersionNumber": 1])
            try await fixture.call("UpdateFunctionConfiguration", ["FunctionName": "f", "Timeout": 5])
            #expect(try await fixture.invoke("f").payload == #"["first", "two"]"#)
            let third = try await publish(fixture, "tools", ["python/tool.py": "name = 'third'", "note": "three"])
            #expect(third.hasSuffix(":2"), "the number of a deleted version is not given again")
            try await fixture.call("UpdateFunctionConfiguration", ["FunctionName": "f", "Layers": [third]])
            #expect(try await fixture.invoke("f").payload == #"["third", "three"]"#)
            let gone = try await fixture.error(
                "UpdateFunctionConfiguration", ["FunctionName": "f", "Layers": [first]])
            #expect(gone?.message == "Layer version \(first) does not exist.")
        }
    }

    @Test("Versions are listed and described, the newest first, and found by ARN")
    func lists() async throws {
        try await LambdaFixture.with { fixture in
            let first = try await publish(fixture, "tools", ["a": "1"])
            _ = try await publish(fixture, "tools", ["a": "2"])
            _ = try await publish(fixture, "zebra", ["a": "3"])
            let versions = try await fixture.call("ListLayerVersions", ["LayerName": "tools", "MaxItems": 1])
            #expect(versions["LayerVersions"].map { $0.elements.map { $0["Version"]?.int64 } } == [2])
            let marker = try #require(versions["NextMarker"]?.string)
            let rest = try await fixture.call("ListLayerVersions", ["LayerName": "tools", "Marker": marker])
            #expect(rest["LayerVersions"].map { $0.elements.map { $0["Version"]?.int64 } } == [1])
            let layers = try await fixture.call("ListLayers", [:])
            let newest = layers["Layers"].map { $0.elements.map { $0["LatestMatchingVersion"]?["Version"]?.int64 } }
            #expect(newest == [2, 1])
            let none = try await fixture.call("ListLayers", ["CompatibleRuntime": "nodejs20.x"])
            #expect(none["Layers"].map { Array($0.elements).isEmpty } == true)
            let described = try await fixture.call("GetLayerVersionByArn", ["Arn": first])
            let same = try await fixture.call("GetLayerVersion", ["LayerName": "tools", "VersionNumber": 1])
            #expect(described["Content"]?["CodeSha256"]?.string == same["Content"]?["CodeSha256"]?.string)
            let missing = try await fixture.error("GetLayerVersion", ["LayerName": "tools", "VersionNumber": 9])
            #expect(missing?.code == "ResourceNotFoundException" && missing?.status == 404)
        }
    }

    @Test("What AWS refuses of layers is refused in its words")
    func refusals() async throws {
        try await LambdaFixture.with { fixture in
            let first = try await publish(fixture, "tools", ["a": "1"])
            let second = try await publish(fixture, "tools", ["a": "2"])
            func refusal(_ layers: [String]) async throws -> String? {
                try await fixture.error(
                    "CreateFunction",
                    [
                        "FunctionName": "g", "Runtime": "python3.11", "Role": LambdaFixture.role, "Handler": "a.b",
                        "Code": ["ZipFile": ZipFile(["a.py": ""]).base64], "Layers": layers,
                    ])?.message
            }
            #expect(
                try await refusal([first, second])
                    == "Two different versions of the same layer are not allowed to be referenced in the same function. "
                    + "\(first) and \(second) are versions of the same layer.")
            #expect(try await refusal(Array(repeating: first, count: 6)) == "Cannot reference more than 5 layers.")
            let elsewhere = first.replacing("us-east-1", with: "eu-west-1")
            #expect(try await refusal([elsewhere])?.hasSuffix("expected to be in region us-east-1.") == true)
        }
    }

    @Test(
        "A runtime that is none, is retired or is not installed is refused by its name",
        arguments: [
            ("cobol85", "Value cobol85 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set"),
            ("python2.7", "The runtime parameter of python2.7 is no longer supported"),
            ("ruby3.4", "The runtime ruby3.4 is not installed on this host."),
        ])
    func runtimes(name: String, message: String) async throws {
        try await LambdaFixture.with { fixture in
            let refused = try await fixture.error(
                "CreateFunction",
                [
                    "FunctionName": "g", "Runtime": name, "Role": LambdaFixture.role, "Handler": "a.b",
                    "Code": ["ZipFile": ZipFile(["a.py": ""]).base64],
                ])
            #expect(refused?.code == "InvalidParameterValueException" && refused?.status == 400)
            #expect(refused?.message.hasPrefix(message) == true)
        }
    }

    @Test("A layer's link or file in the way of a folder is replaced, never followed")
    func layingOver() async throws {
        try await LambdaFixture.with { fixture in
            let link = ZipFile([ZipFile.Entry(name: "d", contents: Array("e".utf8), mode: 0o120777)])
            let layer = try await fixture.call(
                "PublishLayerVersion", ["LayerName": "links", "Content": ["ZipFile": link.base64]])
            let first = try #require(layer["LayerVersionArn"]?.string)
            let second = try await publish(fixture, "folders", ["d/note": "in d", "note": "n"])
            let source = """
                import os
                def handler(event, context):
                    return [open('/opt/d/note').read(), os.path.islink('/opt/d'), os.path.exists('/opt/e')]
                """
            try await fixture.create("f", python: source, ["Layers": [first, second]])
            #expect(try await fixture.invoke("f").payload == #"["in d", false, false]"#)
        }
    }
}
