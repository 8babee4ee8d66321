import ServiceKit
import Thumbnails

await ServiceHost.run("thumbnails") { host in
    try Thumbnails.services(on: host, renderer: try .installed(for: host.configuration))
}
