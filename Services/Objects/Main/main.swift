import S3
import ServiceKit

await ServiceHost.run("objects") { try S3.services(on: $0) }
