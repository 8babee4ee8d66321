import HTTPTypes
import JSON
import Testing

@testable import AWSWire

@Suite struct RoutingTests {
    private let library: ModelLibrary

    init() throws { library = try ModelLibrary.installed() }

    private func call(_ service: String, _ method: String, _ target: String, _ fields: HTTPFields = [:]) throws
        -> WireCall?
    {
        let model = try library.model(service)
        let request = WireRequest(head: RequestHead(method: method, target: target, fields: fields))
        return ServiceWire(model).call(named: request, model.metadata.protocols[0])
    }

    @Test(
        "S3 tells its operations apart by path, query and copy source",
        arguments: [
            ("GET", "/", "ListBuckets"), ("GET", "/?x-id=ListDirectoryBuckets", "ListDirectoryBuckets"),
            ("PUT", "/b", "CreateBucket"), ("PUT", "/b/", "CreateBucket"),
            ("GET", "/b", "ListObjects"), ("GET", "/b?list-type=2&prefix=a", "ListObjectsV2"),
            ("GET", "/b?location", "GetBucketLocation"),
            ("GET", "/b?lifecycle", "GetBucketLifecycleConfiguration"),
            ("GET", "/b?notification", "GetBucketNotificationConfiguration"),
            ("GET", "/b?analytics&id=1", "GetBucketAnalyticsConfiguration"),
            ("GET", "/b?analytics", "ListBucketAnalyticsConfigurations"),
            ("GET", "/b/k", "GetObject"), ("GET", "/b/k?x-id=GetObject", "GetObject"), ("HEAD", "/b/k/", "HeadObject"),
            ("PUT", "/b/k", "PutObject"), ("PUT", "/b/k?partNumber=1&uploadId=u", "UploadPart"),
            ("POST", "/b/k?uploads", "CreateMultipartUpload"),
            ("POST", "/b/k?uploadId=u", "CompleteMultipartUpload"),
            ("DELETE", "/b/k?uploadId=u", "AbortMultipartUpload"),
            ("DELETE", "/b/k", "DeleteObject"), ("POST", "/b?delete", "DeleteObjects"),
            ("GET", "/b/k?uploadId=u", "ListParts"),
        ])
    func s3(method: String, target: String, expected: String) throws {
        #expect(try call("s3", method, target)?.operation.name == expected)
    }

    @Test("A copy source makes a copy of a put")
    func copies() throws {
        let source: HTTPFields = ["x-amz-copy-source": "/b/k"]
        #expect(try call("s3", "PUT", "/b/k2", source)?.operation.name == "CopyObject")
        #expect(try call("s3", "PUT", "/b/k2?partNumber=1&uploadId=u", source)?.operation.name == "UploadPartCopy")
    }

    @Test("A key keeps its slashes, at its start, inside and at its end")
    func keys() throws {
        let call = try #require(try call("s3", "GET", "/b//a//b%20c/"))
        #expect(call.labels == [.init(name: "Bucket", value: "b"), .init(name: "Key", value: "/a//b c/")])
    }

    @Test("A path of another service's REST API has no operation")
    func unknownPath() throws {
        #expect(try call("lambda", "GET", "/2015-03-31/nothing") == nil)
        #expect(try call("lambda", "GET", "/2015-03-31/functions/")?.operation.name == "ListFunctions")
        #expect(
            try call("lambda", "POST", "/2015-03-31/functions/arn%3Aaws/invocations")?.labels.first?.value == "arn:aws")
        #expect(try call("apigateway", "PUT", "/restapis/a/resources/b/methods/GET")?.operation.name == "PutMethod")
    }

    @Test("No two routes of a service are the same")
    func routesAreDistinct() throws {
        for service in library.index.keys.sorted() {
            let model = try library.model(service)
            guard let name = model.metadata.protocols.first(where: { $0 == .restJSON || $0 == .restXML }) else {
                continue
            }
            let wire = ServiceWire(model)
            for operation in model.operations.values where !S3Wire.superseded.contains(operation.name) {
                var request = WireRequest(
                    head: RequestHead(method: operation.method, target: RoutingTests.sample(operation.uri)))
                for member in operation.input.map({ model[$0].members }) ?? [] where member.isRequired {
                    if member.location == .query { request.query.append(QueryItem(name: member.wireName, value: "1")) }
                    if member.location == .header { request.fields.append(member.wireName, "1") }
                }
                if service == "s3", let parameter = S3Wire.identified[operation.name] {
                    request.query.append(QueryItem(name: parameter, value: operation.name))
                }
                #expect(
                    wire.call(named: request, name)?.operation.name == operation.name, "\(service) \(operation.uri)")
            }
        }
    }

    private static func sample(_ uri: String) -> String {
        var sample = ""
        var isInside = false
        for character in uri {
            if character == "{" {
                isInside = true
                sample += "x"
            }
            if !isInside { sample.append(character) }
            if character == "}" { isInside = false }
        }
        return sample
    }
}
