import APIGateway
import ServiceKit

await ServiceHost.run("apis") { host in try APIGateway.services(on: host) }
