import HTTPTypes
import JSON
import Testing

@testable import AWSWire

@Suite struct ServiceAnswerTests {
    private let library: ModelLibrary

    init() throws { library = try ModelLibrary.installed() }

    private func wire(_ service: String) throws -> ServiceWire { ServiceWire(try library.model(service)) }

    private func text(_ answer: WireResponse) -> String { String(decoding: answer.body, as: UTF8.self) }

    @Test("An S3 error is a bare Error with resource, request and host")
    func s3Error() throws {
        let format = try #require(try wire("s3").format(.restXML))
        let context = AnswerContext(requestID: "R", hostID: "H", resource: "/b/k")
        let answer = format.failure(
            WireError(
                "NoSuchKey", "The specified key does not exist.", status: 404, members: Array(#""Key":"k""#.utf8)),
            context)
        #expect(answer.head.status == 404 && answer.head.fields["x-amz-request-id"] == "R")
        #expect(
            text(answer).hasSuffix(
                "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message><Key>k</Key>"
                    + "<Resource>/b/k</Resource><RequestId>R</RequestId><HostId>H</HostId></Error>"))
        var head = context
        head.isHead = true
        #expect(format.failure(WireError("NoSuchKey", "", status: 404), head).body.isEmpty)
    }

    @Test("S3's roots are the documented ones, with milliseconds in times")
    func s3Roots() throws {
        let wire = try wire("s3")
        let format = try #require(wire.format(.restXML))
        let list = try #require(wire.model.operations["ListObjectsV2"])
        let output = #"{"Name":"b","KeyCount":1,"Contents":[{"Key":"a&b","LastModified":1422172800,"ETag":"\"e\""}]}"#
        let answer = try format.success(Array(output.utf8), of: list, AnswerContext(requestID: "R"))
        #expect(text(answer).contains("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"))
        #expect(
            text(answer).contains(
                "<Contents><Key>a&amp;b</Key><LastModified>2015-01-25T08:00:00.000Z</LastModified><ETag>\"e\"</ETag></Contents>"
            ))
        let location = try #require(wire.model.operations["GetBucketLocation"])
        let eu = try format.success(
            Array(#"{"LocationConstraint":"eu-west-1"}"#.utf8), of: location, AnswerContext(requestID: "R"))
        #expect(text(eu).hasSuffix(">eu-west-1</LocationConstraint>"))
    }

    @Test("S3 answers 202 for a copy that is on its way, 200 for one that is there")
    func s3Statuses() throws {
        let wire = try wire("s3")
        let format = try #require(wire.format(.restXML))
        let restore = try #require(wire.model.operations["RestoreObject"])
        for (isAccepted, status) in [(true, 202), (false, 200)] {
            let output = Array(#"{"IsAccepted":\#(isAccepted)}"#.utf8)
            let answer = try format.success(output, of: restore, AnswerContext(requestID: "R"))
            #expect(answer.head.status == status && answer.body.isEmpty)
        }
    }

    @Test("S3's requests are read with their XML bodies")
    func s3Request() throws {
        let wire = try wire("s3")
        let body = """
            <Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a</Key><Value>1 &lt; 2</Value></Tag>
            </TagSet></Tagging>
            """
        let request = WireRequest(head: RequestHead(method: "PUT", target: "/b/k?tagging"), body: Array(body.utf8))
        let call = try #require(wire.call(named: request, .restXML))
        let input = try #require(wire.format(.restXML)).input(of: call, request)
        #expect(
            String(decoding: input, as: UTF8.self)
                == #"{"Tagging":{"TagSet":[{"Key":"a","Value":"1 < 2"}]},"Bucket":"b","Key":"k"}"#)
    }

    @Test("SQS answers the query protocol of its older clients")
    func sqsQuery() throws {
        let wire = try wire("sqs")
        let body =
            "Action=SendMessage&QueueUrl=http%3A%2F%2Fq&MessageBody=hi&MessageAttribute.1.Name=n&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v"
        let request = WireRequest(head: RequestHead(method: "POST", target: "/"), body: Array(body.utf8))
        let call = try #require(wire.call(named: request, .query))
        let format = try #require(wire.format(.query))
        let input = try PlainValue(JSONDocument(format.input(of: call, request)).root)
        let expected =
            #"{"QueueUrl":"http://q","MessageBody":"hi","MessageAttributes":{"n":{"DataType":"String","StringValue":"v"}}}"#
        #expect(try input == PlainValue(JSONDocument(Array(expected.utf8)).root))
        let answer = try format.success(
            Array(#"{"MessageId":"m"}"#.utf8), of: call.operation, AnswerContext(requestID: "R"))
        #expect(
            text(answer)
                == "<SendMessageResponse xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><SendMessageResult>"
                + "<MessageId>m</MessageId></SendMessageResult><ResponseMetadata><RequestId>R</RequestId></ResponseMetadata></SendMessageResponse>"
        )
        let failure = format.failure(WireError("QueueDoesNotExist", "no"), AnswerContext(requestID: "R"))
        #expect(text(failure).contains("<Type>Sender</Type><Code>AWS.SimpleQueueService.NonExistentQueue</Code>"))
    }

    @Test("SQS's JSON errors carry their query code")
    func sqsQueryError() throws {
        let format = try #require(try wire("sqs").format(.json))
        let answer = format.failure(WireError("QueueDoesNotExist", "no"), AnswerContext(requestID: "R"))
        #expect(answer.head.fields["x-amzn-query-error"] == "AWS.SimpleQueueService.NonExistentQueue;Sender")
        #expect(text(answer) == ##"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}"##)
    }

    @Test("DynamoDB's errors have the shape's name for the message and their members")
    func dynamoDBError() throws {
        let format = try #require(try wire("dynamodb").format(.json))
        let reasons = Array(#""CancellationReasons":[{"Code":"None"}]"#.utf8)
        let answer = format.failure(
            WireError("TransactionCanceledException", "cancelled", members: reasons), AnswerContext(requestID: "R"))
        #expect(
            text(answer)
                == ##"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"cancelled","##
                + #""CancellationReasons":[{"Code":"None"}]}"#)
        #expect(format.failure(WireError("InternalServerError", "x"), AnswerContext(requestID: "R")).head.status == 500)
    }

    @Test("A path's label wins over a member of the body with its name")
    func labelWins() throws {
        let wire = try wire("lambda")
        let request = WireRequest(
            head: RequestHead(method: "PUT", target: "/2015-03-31/functions/mine/configuration"),
            body: Array(#"{"FunctionName":"yours","Timeout":3}"#.utf8))
        let call = try #require(wire.call(named: request, .restJSON))
        let input = try #require(wire.format(.restJSON)).input(of: call, request)
        #expect(try JSONDocument(input).root["FunctionName"]?.string == "mine")
    }

    @Test("A header value with line ends cannot become two headers")
    func headerInjection() throws {
        let wire = try wire("s3")
        let operation = try #require(wire.model.operations["HeadObject"])
        let output = Array(#"{"ContentType":"a\r\nSet-Cookie: b","Metadata":{"k":"v\nw"}}"#.utf8)
        let answer = try #require(wire.format(.restXML)).success(output, of: operation, AnswerContext(requestID: "R"))
        #expect(answer.head.fields["Content-Type"] == "a  Set-Cookie: b" && answer.head.fields["x-amz-meta-k"] == "v w")
    }

    @Test("No vendored awsJson model has names or times that its bodies must be translated for")
    func jsonBodiesPassUntouched() throws {
        for (service, metadata) in library.index where metadata.protocols.contains(.json) {
            for shape in try library.model(service).shapes {
                #expect(shape.traits.timestampFormat == nil, "\(service) \(shape.name)")
                #expect(shape.members.allSatisfy { $0.traits.timestampFormat == nil }, "\(service) \(shape.name)")
            }
        }
    }
}
