import S3
import ServiceKit

await ServiceHost.run("objects") { try await S3.services(on: $0) }
