import ServiceKit

/// Who pays for the requests to a bucket.
///
/// [Requester Pays](https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html)
enum RequestPayment: String, Sendable {
    case bucketOwner = "BucketOwner"
    /// Whoever asks, who therefore has to be known and to say that they know.
    case requester = "Requester"

    /// - Throws: `MalformedXML`
    init(_ configuration: JSONValue?) throws {
        guard let configuration else {
            self = .bucketOwner
            return
        }
        guard let payer = configuration["Payer"]?.string.flatMap(Self.init(rawValue:)) else {
            throw ServiceError.malformedXML
        }
        self = payer
    }

    /// What a request says about paying.
    enum Consent: Sendable {
        /// Nobody asks: the operation is for the bucket's owner.
        case unasked
        case missing
        case given

        init(_ member: Members) throws {
            let payer: String? = try member("RequestPayer")
            self = payer == "requester" ? .given : .missing
        }
    }
}

extension Bucket {
    /// Whether the caller pays: owners and services do not.
    func charges(_ caller: Caller) -> Bool {
        payment == .requester && caller.account != account && caller.kind != .service
    }

    /// - Throws: `AccessDenied` for those who should pay and did not say that they would, or whom nobody knows.
    func checkPayment(_ consent: RequestPayment.Consent, by caller: Caller) throws {
        guard charges(caller) else { return }
        switch consent {
        case .unasked: return
        case .given where caller.kind != .anonymous: return
        case .given, .missing: throw ServiceError.accessDenied
        }
    }
}

/// Whether an answer tells its caller that the request was theirs to pay.
struct RequestCharge: Sendable {
    let isRequesters: Bool
}

/// An answer that tells who paid for it.
struct Charged<Answer: OutputShape>: OutputShape {
    let answer: Answer
    let charge: RequestCharge

    func write(to json: inout JSONWriter) {
        answer.write(to: &json)
        json.member(charge)
    }
}

extension S3Store {
    func charged<Answer>(
        _ answer: Answer, for reference: BucketReference, in call: Call
    ) async throws -> Charged<Answer> {
        Charged(answer: answer, charge: try await bucket(reference).charge(to: call.caller))
    }
}

extension Bucket {
    func charge(to caller: Caller) -> RequestCharge { RequestCharge(isRequesters: charges(caller)) }
}

extension JSONWriter {
    /// Tells those who pay that they do.
    mutating func member(_ charge: RequestCharge) {
        if charge.isRequesters { member("RequestCharged", "requester") }
    }
}
