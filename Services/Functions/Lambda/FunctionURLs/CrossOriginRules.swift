import ServiceKit

/// Which pages of other origins may use a function URL, and how: the API's `Cors`.
struct CrossOriginRules: InputShape, OutputShape {
    let allowCredentials: Bool?
    let allowHeaders: [String]?
    let allowMethods: [String]?
    let allowOrigins: [String]?
    let exposeHeaders: [String]?
    let maxAge: Int?

    init(_ member: Members) throws {
        allowCredentials = try member("AllowCredentials")
        allowHeaders = try member("AllowHeaders")
        allowMethods = try member("AllowMethods")
        allowOrigins = try member("AllowOrigins")
        exposeHeaders = try member("ExposeHeaders")
        maxAge = try member("MaxAge")
    }

    func write(to json: inout JSONWriter) {
        json.member("AllowCredentials", allowCredentials)
        json.member("AllowHeaders", allowHeaders)
        json.member("AllowMethods", allowMethods)
        json.member("AllowOrigins", allowOrigins)
        json.member("ExposeHeaders", exposeHeaders)
        json.member("MaxAge", maxAge)
    }

    /// What an answer to a page of `origin` says; empty for a page that may not read it.
    func headers(for origin: String) -> [PlaneRequest.Header] {
        let origins = allowOrigins ?? []
        guard origins.contains("*") || origins.contains(origin) else { return [] }
        let isPublic = origins.contains("*") && allowCredentials != true
        var headers = [PlaneRequest.Header("Access-Control-Allow-Origin", isPublic ? "*" : origin)]
        if !isPublic { headers.append(PlaneRequest.Header("Vary", "Origin")) }
        if allowCredentials == true { headers.append(PlaneRequest.Header("Access-Control-Allow-Credentials", "true")) }
        if let exposeHeaders, !exposeHeaders.isEmpty {
            headers.append(PlaneRequest.Header("Access-Control-Expose-Headers", exposeHeaders.joined(separator: ",")))
        }
        return headers
    }

    /// The answer to a browser's question before it sends.
    func preflight(for origin: String) -> PlaneResponse {
        var headers = headers(for: origin)
        guard !headers.isEmpty else { return PlaneResponse(status: 200) }
        let rules = [
            ("Access-Control-Allow-Methods", allowMethods?.joined(separator: ",")),
            ("Access-Control-Allow-Headers", allowHeaders?.joined(separator: ",")),
            ("Access-Control-Max-Age", maxAge.map { "\($0)" }),
        ]
        for case let (name, value?) in rules { headers.append(PlaneRequest.Header(name, value)) }
        return PlaneResponse(status: 200, headers: headers)
    }
}
