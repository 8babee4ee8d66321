import SES
import ServiceKit

await ServiceHost.run("email") { host in try SES.services(on: host) }
