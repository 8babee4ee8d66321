import JSON
import Testing

@testable import AWSModel

@Suite struct ServiceModelTests {
    @Test("Every vendored model loads, and its index says the same names")
    func everyModelLoads() throws {
        let library = try ModelLibrary.installed()
        #expect(library.index.count > 40)
        for (service, metadata) in library.index {
            let model = try library.model(service)
            #expect(model.metadata.targetPrefix == metadata.targetPrefix)
            #expect(!model.operations.isEmpty && !model.metadata.protocols.isEmpty, "\(service)")
        }
    }

    @Test("An operation knows its binding, shapes and errors")
    func operationFacts() throws {
        let model = try ModelLibrary.installed().model("s3")
        let operation = try #require(model.operations["PutObject"])
        #expect(operation.method == "PUT" && operation.uri == "/{Bucket}/{Key+}")
        let input = model[try #require(operation.input)]
        #expect(input.payload?.name == "Body" && input.payload?.traits.isStreaming == true)
        #expect(input.member(named: "Metadata")?.location == .headers)
        #expect(input.member(named: "Bucket")?.isRequired == true)
        #expect(operation.checksum.algorithmMember == "ChecksumAlgorithm")
    }

    @Test("SQS has the query protocol's names and error codes beside JSON's")
    func queryFactsOfSQS() throws {
        let model = try ModelLibrary.installed().model("sqs")
        #expect(model.metadata.protocols == [.json, .query] && model.metadata.isQueryCompatible)
        let error = model[try #require(model.shape(named: "QueueDoesNotExist"))].error
        #expect(error?.code == "AWS.SimpleQueueService.NonExistentQueue" && error?.isSenderFault == true)
    }

    @Test("The library gives every caller the same model")
    func modelsAreShared() throws {
        let library = try ModelLibrary.installed()
        #expect(try library.model("sqs") === library.model("sqs"))
        #expect(throws: ModelError.self) { try library.model("../sqs") }
    }

    @Test("A dangling reference is an error with its name")
    func danglingReference() {
        let text = #"{"metadata":{},"operations":{},"shapes":{"A":{"type":"list","member":{"shape":"B"}}}}"#
        #expect(throws: ModelError.self) { try ServiceModel(service: "x", Array(text.utf8)) }
    }
}
