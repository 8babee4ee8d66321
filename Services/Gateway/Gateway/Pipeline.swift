import HTTP
import HTTPTypes
import ServiceKit

/// The way of a request through the gateway, from its head to its answer. The order of the steps is the design.
struct Pipeline: Sendable {
    private let host: ServiceHost
    private let hostNames: HostNames
    private let crossOrigin: CrossOrigin
    private let planes: Planes
    private let operations: OperationPath

    init(host: ServiceHost, settings: GatewaySettings) throws {
        self.host = host
        hostNames = HostNames(domains: settings.domains)
        let authenticator = Authenticator(host: host, settings: settings)
        crossOrigin = CrossOrigin(client: host.client, isOpen: settings.isOpen)
        planes = Planes(host: host, authenticator: authenticator)
        operations = try OperationPath(host: host, settings: settings, authenticator: authenticator)
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let exchange = Exchange(
            request, host: hostNames.name(request.head.fields["Host"] ?? ""), now: host.clock.now)
        // 1. A page of a stranger must not reach a stack that believes everyone.
        if let refusal = crossOrigin.refusal(of: exchange) { return refusal }
        // 2. What is no AWS operation goes its own way, each plane chosen by host or path.
        if let plane = Plane(exchange) { return await planes.answer(exchange, on: plane) }
        if let page = await planes.page(ofCustomDomain: exchange) { return page }
        // 3. Browsers ask before they send; nobody can sign that question.
        if let preflight = await crossOrigin.preflight(exchange) { return preflight }
        // 4. Resolve, authenticate, read, forward, answer.
        var response = await operations.answer(exchange)
        // 5. Browsers read only what they are told they may.
        await crossOrigin.expose(&response, to: exchange)
        return response
    }

    /// What a head that was refused for the size of its fields is answered in its service's words, where what came of it
    /// tells one.
    func answer(toOversized head: RequestHead) -> HTTPResponse? {
        let exchange = Exchange(
            HTTPRequest(head: head), host: hostNames.name(head.fields["Host"] ?? ""), now: host.clock.now)
        guard Plane(exchange) == nil, exchange.host.customDomain == nil else { return nil }
        return operations.answer(toOversized: exchange)
    }
}
