import ServiceKit
import TestSupport
import Testing

@testable import SNS

@Suite("Deliveries")
struct DeliveryTests {
    @Test("A queue gets the signed document, or with raw delivery the message itself")
    func queues() async throws {
        try await Topics.with { host in
            let topic = try await host.createTopic("news", ["SignatureVersion": "2"])
            let (plain, raw) = (try await host.createQueue("plain"), try await host.createQueue("raw"))
            let subscription = try await host.subscribe(queueARN("plain"), "sqs", to: topic)
            try await host.subscribe(queueARN("raw"), "sqs", to: topic, ["RawMessageDelivery": "true"])
            let published = try await host.publish(
                "hello", to: topic, subject: "Greeting",
                attributes: #"{"kind":{"DataType":"String","StringValue":"test"}}"#)

            let document = try JSONDocument(Array(#require(await host.arrivals(plain, 1).first).body.utf8)).root
            let id = try host.text(published, "MessageId")
            #expect(
                document.members.map(\.name) == [
                    "Type", "MessageId", "TopicArn", "Subject", "Message", "Timestamp", "SignatureVersion", "Signature",
                    "SigningCertURL", "UnsubscribeURL", "MessageAttributes",
                ])
            #expect(document["MessageId"]?.string == id)
            #expect(document["Timestamp"]?.string == "2023-11-14T22:13:20.000Z")
            #expect(document["MessageAttributes"]?["kind"]?["Value"]?.string == "test")
            #expect(
                document["UnsubscribeURL"]?.string
                    == "http://localhost:4566/?Action=Unsubscribe&Version=2010-03-31&SubscriptionArn=\(subscription)")
            try await check(document, id: id, on: host)

            let message = try #require(await host.arrivals(raw, 1).first)
            #expect(message.body == "hello")
            #expect(message.json["MessageAttributes"]?["kind"]?["StringValue"]?.string == "test")
        }
    }

    /// The signature is good by the key of the certificate that the document points to.
    private func check(_ document: JSONValue, id: String, on host: TestHost) async throws {
        let url = try #require(document["SigningCertURL"]?.string)
        let name = try #require(url.split(separator: "/").last)
        let answer = try await host.call(
            "apus.messages", "ReadSigningCertificate", #"{"Name":"\#(name)"}"#, as: .service("gateway.apus"))
        let key = try CertificateKey(pem: host.text(answer, "Certificate"))
        let signature = try #require(Base64.decode(Array((document["Signature"]?.string ?? "").utf8)))
        let text =
            "Message\nhello\nMessageId\n\(id)\nSubject\nGreeting\nTimestamp\n2023-11-14T22:13:20.000Z\nTopicArn\n"
            + "arn:aws:sns:us-east-1:000000000000:news\nType\nNotification\n"
        #expect(key.isValid(signature, of: text))
        #expect(!key.isValid(signature, of: text + "x"))
    }

    @Test("Each protocol gets its own text, and a filter keeps out what is not wanted")
    func structureAndFilters() async throws {
        try await Topics.with { host in
            let topic = try await host.createTopic("news")
            let queue = try await host.createQueue("inbox")
            try await host.subscribe(
                queueARN("inbox"), "sqs", to: topic,
                ["RawMessageDelivery": "true", "FilterPolicy": #"{"kind":["wanted"]}"#])
            try await host.publish(
                "no", to: topic, attributes: #"{"kind":{"DataType":"String","StringValue":"other"}}"#)
            try await host.call(
                "sns", "Publish",
                host.text { json in
                    json.member("TopicArn", topic)
                    json.member("Message", #"{"default":"d","sqs":"for queues"}"#)
                    json.member("MessageStructure", "json")
                    json.member("MessageAttributes") {
                        $0.raw(#"{"kind":{"DataType":"String","StringValue":"wanted"}}"#.utf8)
                    }
                })
            #expect(try await host.arrivals(queue, 1).map(\.body) == ["for queues"])
        }
    }

    @Test("A FIFO topic keeps the order of each group and delivers duplicates once")
    func fifo() async throws {
        try await Topics.with { host in
            let topic = try await host.createTopic("jobs.fifo", ["FifoTopic": "true"])
            let queue = try await host.createQueue("jobs.fifo", ["FifoQueue": "true"])
            try await host.subscribe(queueARN("jobs.fifo"), "sqs", to: topic, ["RawMessageDelivery": "true"])
            var numbers: [String] = []
            for body in ["1", "2", "2", "3", "4", "5"] {
                let output = try await host.publish(body, to: topic, group: "a", id: body)
                numbers.append(try host.text(output, "SequenceNumber"))
            }
            #expect(numbers[1] == numbers[2] && Set(numbers).count == 5)
            var bodies: [String] = []
            try await host.until {
                let received = try await host.receive(queue)
                for message in received { try await host.delete(message, from: queue) }
                bodies += received.map(\.body)
                return bodies.count >= 5
            }
            #expect(bodies == ["1", "2", "3", "4", "5"])
        }
    }

    @Test("An HTTP endpoint is asked to confirm, and gets nothing before it did")
    func confirmation() async throws {
        let http = RecordingPoster()
        try await Topics.with(http: http) { host in
            let topic = try await host.createTopic("news")
            let arn = try await host.subscribe("http://example.com/hook", "http", to: topic)
            try await host.publish("early", to: topic)
            try await host.until { http.posts.count == 1 }
            #expect(http.posts[0].url == "http://example.com/hook")
            #expect(http.posts[0].fields["x-amz-sns-message-type"] == "SubscriptionConfirmation")
            let document = try JSONDocument(Array(http.posts[0].body.utf8)).root
            let token = try #require(document["Token"]?.string)
            #expect(
                document["SubscribeURL"]?.string
                    == "http://localhost:4566/?Action=ConfirmSubscription&Version=2010-03-31&TopicArn=\(topic)&Token=\(token)"
            )
            let confirm = #"{"TopicArn":"\#(topic)","Token":"\#(token)"}"#
            let output = try await host.call("sns", "ConfirmSubscription", confirm, as: .anonymous)
            #expect(try host.text(output, "SubscriptionArn") == arn)
            try await host.publish("late", to: topic)
            try await host.until { http.posts.count == 2 }
            #expect(http.posts[1].fields["x-amz-sns-subscription-arn"] == arn)
            #expect(http.posts[1].body.contains(#""Message":"late""#))
        }
    }

    @Test("An endpoint that fails is tried again by its policy, then the dead-letter queue gets the message")
    func retries() async throws {
        let http = RecordingPoster(statuses: [200, 500, 503, 500, 500])
        try await Topics.with(http: http) { host in
            let topic = try await host.createTopic("news")
            let dead = try await host.createQueue("dead")
            try await host.subscribe(
                "http://example.com/hook", "http", to: topic,
                [
                    "RedrivePolicy": #"{"deadLetterTargetArn":"\#(queueARN("dead"))"}"#, "RawMessageDelivery": "true",
                ])
            try await host.until { http.posts.count == 1 }
            let token = try #require(JSONDocument(Array(http.posts[0].body.utf8)).root["Token"]?.string)
            try await host.call("sns", "ConfirmSubscription", #"{"TopicArn":"\#(topic)","Token":"\#(token)"}"#)
            try await host.publish("hello", to: topic)
            for attempt in 2...5 {
                try await host.until { http.posts.count == attempt }
                // The worker sleeps until the next attempt is due.
                try await host.advance(until: { http.posts.count > attempt || attempt == 5 })
            }
            #expect(try await host.arrivals(dead, 1).map(\.body) == ["hello"])
            #expect(http.posts.count == 5)
        }
    }

    @Test("What was published before the process ended is delivered after it starts again")
    func durability() async throws {
        try await TemporaryFolder.with { folder in
            try await Topics.with(folder: folder, working: false) { host in
                let topic = try await host.createTopic("news")
                try await host.createQueue("inbox")
                try await host.subscribe(queueARN("inbox"), "sqs", to: topic, ["RawMessageDelivery": "true"])
                try await host.publish("hello", to: topic)
            }
            try await Topics.with(folder: folder) { host in
                let arrived = try await host.arrivals("http://localhost:4566/000000000000/inbox", 1)
                #expect(arrived.map(\.body) == ["hello"])
            }
        }
    }

    @Test("A batch publishes each entry on its own merits")
    func batch() async throws {
        try await Topics.with { host in
            let topic = try await host.createTopic("news")
            let queue = try await host.createQueue("inbox")
            try await host.subscribe(queueARN("inbox"), "sqs", to: topic, ["RawMessageDelivery": "true"])
            let output = try await host.call(
                "sns", "PublishBatch",
                """
                {"TopicArn":"\(topic)","PublishBatchRequestEntries":[{"Id":"a","Message":"one"},{"Id":"b","Message":""},\
                {"Id":"c","Message":"three"}]}
                """)
            #expect(output["Successful"]?.elements.compactMap { $0["Id"]?.string } == ["a", "c"])
            #expect(output["Failed"]?.elements.compactMap { $0["Id"]?.string } == ["b"])
            #expect(try await host.arrivals(queue, 2).map(\.body).sorted() == ["one", "three"])
        }
    }
}

extension TestHost {
    /// Turns the clock by seconds until something has happened, a while of real time each.
    func advance(until condition: () -> Bool) async throws {
        try await until {
            if condition() { return true }
            if clock.sleeperCount > 0 { clock.advance(by: .seconds(1)) }
            return condition()
        }
    }
}
