import ServiceKit
import Testing

@testable import ExecuteAPI

@Suite("Routes")
struct RouteTableTests {
    static let integration = #""methodIntegration":{"type":"MOCK"}"#

    private func table(_ paths: [String], verb: String = "GET") throws -> RouteTable {
        RouteTable(
            try paths.map { path in
                try ResourceDefinition(
                    json: JSONDocument(
                        Array(
                            #"""
                            {"id":"r","path":"\#(path)","resourceMethods":{"\#(verb)":
                            {"httpMethod":"\#(verb)","authorizationType":"NONE",\#(Self.integration)}}}
                            """#.utf8)
                    ).root)
            })
    }

    @Test(
        "A literal part goes before a variable one, and that before a greedy one",
        arguments: [
            ("/", "/"), ("/todos", "/todos"), ("/todos/", "/todos"), ("/todos/mine", "/todos/mine"),
            ("/todos/7", "/todos/{id}"), ("/todos/7/items", "/todos/{id}/items"), ("/todos/7/else", "/{proxy+}"),
            ("/other", "/{proxy+}"), ("/other/a/b", "/{proxy+}"),
        ])
    func precedence(path: String, expected: String) throws {
        // In an order that would be wrong if it were kept.
        let table = try table(
            ["/{proxy+}", "/todos/{id}/items", "/todos/{id}", "/todos/mine", "/todos", "/"])
        #expect(table.match(method: "GET", path: path)?.resource.path == expected)
    }

    @Test("Parameters are decoded, a greedy one with its slashes")
    func parameters() throws {
        let table = try table(["/{user}/files/{path+}"])
        let match = table.match(method: "GET", path: "/ann%20b/files/a/b%2Fc.txt")
        #expect(match?.parameters == ["user": "ann b", "path": "a/b/c.txt"])
    }

    @Test("A greedy variable stands for at least one segment")
    func greedyNeedsOne() throws {
        #expect(try table(["/files/{path+}"]).match(method: "GET", path: "/files") == nil)
        #expect(try table(["/files/{path+}"]).match(method: "GET", path: "/files/x") != nil)
    }

    @Test("ANY stands for the verbs not listed, and a verb the best path lacks is not looked for on a worse one")
    func verbs() throws {
        #expect(try table(["/todos"], verb: "ANY").match(method: "PATCH", path: "/todos") != nil)
        #expect(try table(["/todos", "/{proxy+}"]).match(method: "POST", path: "/todos") == nil)
    }

    @Test("An encoded slash does not make a segment of its own")
    func encodedSlash() throws {
        let table = try table(["/todos/{id}"])
        #expect(table.match(method: "GET", path: "/todos/a%2Fb")?.parameters == ["id": "a/b"])
    }
}
