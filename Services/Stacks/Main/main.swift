import CloudFormation
import ServiceKit

await ServiceHost.run("stacks") { host -> [AWSService] in
    [try await CloudFormation.service(on: host)]
}
