import ServiceKit
import TestSupport
import Testing

@Suite("API definitions")
struct DefinitionTests {
    @Test("A new API has a root resource, and resources know their whole path")
    func paths() async throws {
        try await APICalls.with { calls in
            let (api, root) = try await calls.createAPI()
            let todos = try await calls.createResource("todos", below: root, of: api)
            let one = try await calls.createResource("{id}", below: todos, of: api)
            let resource = try await calls.call("GetResource", #"{"restApiId":"\#(api)","resourceId":"\#(one)"}"#)
            #expect(resource["path"]?.string == "/todos/{id}" && resource["parentId"]?.string == todos)
            try await calls.call("DeleteResource", #"{"restApiId":"\#(api)","resourceId":"\#(todos)"}"#)
            let left = try await calls.call("GetResources", #"{"restApiId":"\#(api)"}"#)
            #expect(left["items"]?.elements.map { $0["path"]?.string } == ["/"])
        }
    }

    @Test(
        "A path part is a name, {name} or {name+}",
        arguments: [
            ("", false), ("a/b", false), ("{", false), ("{}", false), ("{+}", false), ("a{b}", false),
            ("{a}b", false), ("a b", false), ("v1.0-beta_2", true), ("{id}", true), ("{proxy+}", true),
        ])
    func pathPart(part: String, isValid: Bool) async throws {
        try await APICalls.with { calls in
            let (api, root) = try await calls.createAPI()
            let error = try await calls.error(
                "CreateResource", #"{"restApiId":"\#(api)","parentId":"\#(root)","pathPart":"\#(part)"}"#)
            #expect(error?.code == (isValid ? nil : "BadRequestException"))
        }
    }

    @Test("Siblings differ in name, only one of them is a variable, and a greedy one has no children")
    func siblings() async throws {
        try await APICalls.with { calls in
            let (api, root) = try await calls.createAPI()
            func error(_ part: String, below parent: String) async throws -> ServiceError? {
                try await calls.error(
                    "CreateResource", #"{"restApiId":"\#(api)","parentId":"\#(parent)","pathPart":"\#(part)"}"#)
            }
            _ = try await calls.createResource("{id}", below: root, of: api)
            #expect(try await error("{id}", below: root)?.code == "ConflictException")
            let second = try await error("{name}", below: root)
            #expect(second?.code == "BadRequestException")
            #expect(second?.message.contains("({id})") == true)
            let files = try await calls.createResource("files", below: root, of: api)
            let greedy = try await calls.createResource("{path+}", below: files, of: api)
            #expect(try await error("more", below: greedy)?.code == "BadRequestException")
            #expect(try await error("more", below: "nobody")?.code == "NotFoundException")
        }
    }

    @Test("What is not there is not found, and what stands cannot be put twice")
    func errors() async throws {
        try await APICalls.with { calls in
            let missing = try await calls.error("GetRestApi", #"{"restApiId":"nope"}"#)
            #expect(missing?.code == "NotFoundException" && missing?.status == 404)
            let (api, root) = try await calls.createAPI()
            let get = APICalls.place(api, root, "GET")
            #expect(try await calls.error("GetMethod", get)?.code == "NotFoundException")
            #expect(
                try await calls.error("PutIntegration", APICalls.place(api, root, "GET", #","type":"MOCK""#))?.code
                    == "NotFoundException")
            try await calls.putMock(api, root)
            let again = try await calls.error(
                "PutMethod", APICalls.place(api, root, "GET", #","authorizationType":"NONE""#))
            #expect(again?.code == "ConflictException" && again?.status == 409)
            let verb = try await calls.error(
                "PutMethod", APICalls.place(api, root, "FETCH", #","authorizationType":"NONE""#))
            #expect(verb?.code == "BadRequestException")
            let pool = try await calls.error(
                "PutMethod", APICalls.place(api, root, "POST", #","authorizationType":"COGNITO_USER_POOLS""#))
            #expect(pool?.code == "BadRequestException")
            let deleted = try await calls.error(
                "DeleteResource", #"{"restApiId":"\#(api)","resourceId":"\#(root)"}"#)
            #expect(deleted?.code == "BadRequestException")
        }
    }

    @Test("An API of another account is not there")
    func accounts() async throws {
        try await APICalls.with { calls in
            let (api, _) = try await calls.createAPI()
            let error = try await calls.host.error(
                of: "apigateway", "GetRestApi", #"{"restApiId":"\#(api)"}"#, as: .root(of: "111122223333"))
            #expect(error?.code == "NotFoundException")
        }
    }

    @Test("Pages together hold everything once, and a position opens only its own list")
    func paging() async throws {
        try await APICalls.with { calls in
            var made: Set<String> = []
            for name in 0..<7 { made.insert(try await calls.createAPI("api\(name)").id) }
            var seen: [String] = []
            var position: String?
            repeat {
                let more = position.map { #","position":"\#($0)""# } ?? ""
                let page = try await calls.call("GetRestApis", #"{"limit":3\#(more)}"#)
                let items = page["items"].map { $0.elements.compactMap { $0["id"]?.string } } ?? []
                #expect(items.count <= 3)
                seen += items
                position = page["position"]?.string
            } while position != nil
            #expect(seen.count == 7 && Set(seen) == made)
            let token = try #require(try await calls.call("GetRestApis", #"{"limit":3}"#)["position"]?.string)
            let foreign = try await calls.error(
                "GetResources", #"{"restApiId":"\#(seen[0])","position":"\#(token)"}"#)
            #expect(foreign?.code == "BadRequestException")
        }
    }
}
