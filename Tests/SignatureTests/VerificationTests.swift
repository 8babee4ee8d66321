import Bytes
import Crypto
import HTTPTypes
import Testing
import Time

@testable import AWSSignature

@Suite("Verifying signatures")
struct VerificationTests {
    typealias Example = SignedExample
    let body = Array(#"{"TableName":"Music"}"#.utf8)

    private func signed(
        _ service: String = "dynamodb", _ target: String = "/", at date: Timestamp = Example.now, token: String? = nil
    ) -> RequestHead {
        let head = Example.head("POST", target, ["X-Amz-Target": "DynamoDB_20120810.GetItem"])
        return Example.signer(service, token: token).sign(head, body: body, at: date)
    }

    @Test("What the signer signs is verified, with a session token too", arguments: ["dynamodb", "s3"])
    func roundTrip(service: String) throws {
        for target in ["/", "/a/../b//c", "/ke%20y%2Bplus", "/?b=2&a=1&a=0&c", "/?x=a+b&y=%E1%88%B4"] {
            try Example.verify(signed(service, target), body: body)
            try Example.verify(signed(service, target, token: "a/token+=="), body: body)
        }
        #expect(try Example.parse(signed(token: "token")).sessionToken == "token")
    }

    @Test("A wrong secret is told so in each dialect")
    func wrongSecret() throws {
        let json = try #require(Example.answer(in: .json, signed(), body: body, secret: "wrong"))
        #expect(json.code == "InvalidSignatureException" && json.status == 400)
        #expect(
            json.message.hasPrefix("The request signature we calculated does not match the signature you provided."))
        let query = try #require(Example.answer(in: .query, signed("sts"), body: body, secret: "wrong"))
        #expect(query.code == "SignatureDoesNotMatch" && query.status == 403)
        let s3 = try #require(Example.answer(in: .s3, signed("s3"), body: body, secret: "wrong"))
        #expect(s3.code == "SignatureDoesNotMatch" && s3.status == 403)
        #expect(
            s3.details.map(\.name) == [
                "AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes", "CanonicalRequest",
                "CanonicalRequestBytes",
            ])
        #expect(s3.details[0].value == Example.accessKeyID)
        #expect(s3.details[1].value.hasPrefix("AWS4-HMAC-SHA256\n"))
        #expect(s3.details[3].value.hasPrefix("41 57 53 34 2d"))
        #expect(s3.details[4].value.hasPrefix("POST\n/\n"))
    }

    @Test("An altered body is refused")
    func alteredBody() throws {
        let other = Array(#"{"TableName":"Other"}"#.utf8)
        let json = try #require(Example.answer(in: .json, signed(), body: other))
        #expect(json.code == "InvalidSignatureException")
        let s3 = try #require(Example.answer(in: .s3, signed("s3"), body: other))
        #expect(s3.code == "XAmzContentSHA256Mismatch" && s3.status == 400)
        #expect(s3.details.map(\.value) == [Hex.string(SHA256.hash(body)), Hex.string(SHA256.hash(other))])
        // Without x-amz-content-sha256 the body takes part in the signature itself.
        var head = Example.head()
        let signature = Example.signer("dynamodb").sign(head, body: body, at: Example.now)
        head = signature
        head.fields["X-Amz-Content-Sha256"] = nil
        #expect(Example.answer(in: .json, head, body: body)?.code == "InvalidSignatureException")
    }

    @Test("An altered header, method, path or query is refused")
    func alteredHead() {
        var heads = [signed(), signed(), signed(), signed(), signed()]
        heads[0].fields["X-Amz-Target"] = "DynamoDB_20120810.DeleteTable"
        heads[1].method = "PUT"
        heads[2].target = "/other"
        heads[3].target = "/?Action=DeleteUser"
        heads[4].fields.append("X-Amz-Target", "second")
        for head in heads {
            #expect(Example.answer(in: .json, head, body: body)?.code == "InvalidSignatureException")
        }
    }

    @Test("A request is good for 15 minutes before and after its date, and no longer")
    func skew() throws {
        for offset in [-900, 0, 900] {
            try Example.verify(signed(at: Example.now + .seconds(offset)), body: body)
        }
        let replay = try #require(
            Example.answer(in: .json, signed(at: Example.now - .seconds(901)), body: body))
        #expect(replay.code == "InvalidSignatureException")
        #expect(
            replay.message
                == "Signature expired: 20261121T074459Z is now earlier than 20261121T074500Z (20261121T080000Z - 15 min.)"
        )
        let early = try #require(Example.answer(in: .query, signed(at: Example.now + .seconds(901)), body: body))
        #expect(early.message.hasPrefix("Signature not yet current: "))
        let s3 = try #require(
            Example.answer(in: .s3, signed("s3", at: Example.now - .seconds(901)), body: body))
        #expect(s3.code == "RequestTimeTooSkewed" && s3.status == 403)
        #expect(s3.details.map(\.name) == ["RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds"])
    }

    @Test("A presigned address works until it expires and is bound to its method and key")
    func presigned() throws {
        let signer = Example.signer("s3", token: "session+token/=")
        let head = signer.presign(
            Example.head("GET", "/photo%20one.jpg?versionId=3"), expiresSeconds: 60, at: Example.now)
        try Example.verify(head)
        try Example.verify(head, now: Example.now + .seconds(60))
        let late = try #require(Example.answer(in: .s3, head, now: Example.now + .seconds(61)))
        #expect(late.code == "AccessDenied" && late.message == "Request has expired" && late.status == 403)
        #expect(late.details.map(\.name) == ["X-Amz-Expires", "Expires", "ServerTime"])
        var other = head
        other.method = "PUT"
        #expect(Example.answer(in: .s3, other)?.code == "SignatureDoesNotMatch")
        other = head
        other.target = head.target.replacing("photo", with: "secret")
        #expect(Example.answer(in: .s3, other)?.code == "SignatureDoesNotMatch")
        other = head
        other.target += "&response-content-type=text/html"
        #expect(Example.answer(in: .s3, other)?.code == "SignatureDoesNotMatch")
        other = head
        other.fields["X-Amz-Acl"] = "public-read"
        #expect(
            Example.answer(in: .s3, other)?.message == "There were headers present in the request which were not signed"
        )
        try Example.verify(Example.signer("sts").presign(Example.head("GET"), expiresSeconds: 60, at: Example.now))
    }

    @Test("Presigned addresses with unreadable parameters are told what is wrong")
    func presignedFaults() {
        let head = Example.signer("s3").presign(Example.head("GET", "/a"), expiresSeconds: 60, at: Example.now)
        func message(_ old: String, _ new: String) -> String? {
            var altered = head
            altered.target = head.target.replacing(old, with: new)
            return Example.answer(in: .s3, altered)?.message
        }
        #expect(message("Expires=60", "Expires=x") == "X-Amz-Expires should be a number")
        #expect(message("Expires=60", "Expires=-1") == "X-Amz-Expires must be non-negative")
        #expect(message("Expires=60", "Expires=604801")?.hasPrefix("X-Amz-Expires must be less than a week") == true)
        #expect(message("&X-Amz-Expires=60", "")?.hasPrefix("Query-string authentication version 4 requires") == true)
        #expect(message("X-Amz-Date=2026", "X-Amz-Date=x026")?.hasPrefix("X-Amz-Date must be in the ISO8601") == true)
    }

    @Test("Credential faults carry AWS's words")
    func credentialFaults() throws {
        func altered(_ old: String, _ new: String, service: String = "dynamodb") -> RequestHead {
            var head = signed(service)
            head.fields["Authorization"] = head.fields["Authorization"]?.replacing(old, with: new)
            return head
        }
        let cut = Example.answer(in: .json, altered("/us-east-1/", "/"), body: body)
        #expect(cut?.code == "IncompleteSignatureException")
        #expect(cut?.message.hasPrefix("Credential must have exactly 5 slash-delimited elements") == true)
        let missing = Example.answer(in: .query, altered("Signature=", "Signatur="), body: body)
        #expect(missing?.code == "IncompleteSignature")
        #expect(missing?.message.hasPrefix("Authorization header requires 'Signature' parameter.") == true)
        let pair = Example.answer(in: .json, altered("Signature=", "Signature "), body: body)
        #expect(pair?.message.contains("not a valid key=value pair") == true)
        let day = Example.answer(in: .json, altered("/20261121/", "/20261120/"), body: body)
        #expect(day?.code == "InvalidSignatureException")
        #expect(day?.message.contains("'20261120' != '20261121'") == true)
        #expect(
            Example.answer(in: .s3, altered("/us-east-1/", "/", service: "s3"))?.code == "AuthorizationHeaderMalformed")
        let region = SignatureError.wrongRegion("us-east-1", expected: "eu-west-1").answer(in: .s3)
        #expect(
            region.message
                == "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'")
        let host = Example.answer(in: .json, altered("host;", ""), body: body)
        #expect(host?.message == "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.")
    }

    @Test("Answers about credentials have each service's code")
    func credentialAnswers() {
        #expect(SignatureError.missingAuthentication.answer(in: .json).code == "MissingAuthenticationTokenException")
        #expect(SignatureError.missingAuthentication.answer(in: .query).code == "MissingAuthenticationToken")
        #expect(SignatureError.unknownAccessKey("AKIA").answer(in: .json).code == "UnrecognizedClientException")
        #expect(SignatureError.unknownAccessKey("AKIA").answer(in: .query).code == "InvalidClientTokenId")
        #expect(SignatureError.unknownAccessKey("AKIA").answer(in: .s3).code == "InvalidAccessKeyId")
        #expect(SignatureError.expiredToken.answer(in: .json).code == "ExpiredTokenException")
        #expect(SignatureError.expiredToken.answer(in: .query).code == "ExpiredToken")
        #expect(SignatureError.invalidToken.answer(in: .s3).code == "InvalidToken")
    }

    @Test("S3 wants the digest stated and its own headers signed")
    func s3Headers() {
        var head = signed("s3")
        head.fields["X-Amz-Acl"] = "public-read"
        let answer = Example.answer(in: .s3, head, body: body)
        #expect(answer?.code == "AccessDenied")
        #expect(answer?.details == [.init(name: "HeadersNotSigned", value: "x-amz-acl")])
        head = signed("s3")
        head.fields["X-Amz-Content-Sha256"] = "nonsense"
        #expect(Example.answer(in: .s3, head, body: body)?.code == "InvalidArgument")
        head.fields["X-Amz-Content-Sha256"] = nil
        #expect(Example.answer(in: .s3, head, body: body)?.code == "InvalidRequest")
    }

    @Test("Requests without a signature of ours are anonymous or of another scheme")
    func otherSchemes() throws {
        func kind(_ fields: HTTPFields) throws -> String {
            switch try RequestAuthentication.parse(Example.head("GET", "/?a=b", fields)) {
            case .anonymous: "anonymous"
            case .signed, .presignedByVersionTwo: "signed"
            case .other(let scheme): scheme
            }
        }
        #expect(try kind([:]) == "anonymous")
        #expect(try kind(["Authorization": "Bearer abc"]) == "Bearer")
        #expect(throws: SignatureError.malformed(.algorithm("AWS4-NONE"))) {
            try kind(["Authorization": "AWS4-NONE x"])
        }
    }

    @Test("Mutated authorization headers and queries never verify and never crash")
    func fuzz() throws {
        var random = SeededGenerator(seed: 20_261_121)
        let good = signed()
        let presigned = Example.signer("s3").presign(Example.head("GET", "/a?b=c"), expiresSeconds: 60, at: Example.now)
        let header = Array(try #require(good.fields["Authorization"]).utf8)
        let query = Array(presigned.target.utf8)
        for _ in 0..<4000 {
            var head = good
            let mutated = random.mutate(header)
            head.fields["Authorization"] = String(decoding: mutated, as: UTF8.self)
            if (try? Example.verify(head, body: body)) != nil {
                // White space, the order of parameters and case that do not matter are all that may change.
                #expect(try Example.parse(head).signature == Example.parse(good).signature)
                #expect(try Example.parse(head).accessKeyID.hasPrefix("AKIA") || mutated != header)
            }
            head = presigned
            head.target = String(decoding: random.mutate(query), as: UTF8.self)
            if (try? Example.verify(head)) != nil {
                #expect(try Example.parse(head).signature == Example.parse(presigned).signature)
            }
        }
    }
}
