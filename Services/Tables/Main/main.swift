import DynamoDB
import ServiceKit

await ServiceHost.run("tables") { host in try await DynamoDB.services(on: host) }
