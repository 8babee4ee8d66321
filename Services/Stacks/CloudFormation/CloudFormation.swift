import ServiceKit

/// AWS CloudFormation, API version 2010-05-15.
public enum CloudFormation {
    public static func service(on host: ServiceHost) async throws -> AWSService {
        AWSService("cloudformation", errors: .query, operations: [])
    }
}
