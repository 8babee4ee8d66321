import ServiceKit

/// Answers what an access point is.
///
/// [API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetAccessPoint.html)
struct GetAccessPoint: AWSOperation {
    struct Output: OutputShape {
        let point: AccessPoint

        func write(to json: inout JSONWriter) {
            point.writeSummary(to: &json)
            json.member("PublicAccessBlockConfiguration", point.publicAccessBlock)
            json.member("CreationDate", point.created)
            json.member("Endpoints", endpoints)
        }

        /// AWS's names, which the gateway understands in `Host`.
        private var endpoints: [String: String] {
            let (host, domain) = ("s3-accesspoint", "\(point.region).amazonaws.com")
            return ["ipv4": "\(host).\(domain)", "dualstack": "\(host).dualstack.\(domain)"]
        }
    }

    let store: S3Store

    func permissions(for input: AccessPointInput, in call: Call) -> [Permission] {
        [input.permission("s3:GetAccessPoint", in: call)]
    }

    func perform(_ input: AccessPointInput, in call: Call) async throws -> Output {
        Output(point: try await store.existingAccessPoint(input, in: call))
    }
}

extension AccessPoint {
    /// What lists tell of it too.
    func writeSummary(to json: inout JSONWriter) {
        json.member("Name", name)
        json.member("NetworkOrigin", networkOrigin)
        if let vpc { json.member("VpcConfiguration") { $0.object { $0.member("VpcId", vpc) } } }
        json.member("Bucket", bucket)
        json.member("AccessPointArn", arn)
        json.member("Alias", alias)
        json.member("BucketAccountId", bucketAccount)
    }
}
