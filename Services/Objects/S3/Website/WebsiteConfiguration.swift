import ServiceKit

/// How a bucket is served as a [website](https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html).
struct WebsiteConfiguration: Sendable {
    /// Where requests are sent that a condition fits.
    struct RoutingRule: Sendable {
        let keyPrefix: String?
        let errorStatus: Int?
        let redirect: Redirect
    }

    struct Redirect: Sendable {
        let host: String?
        let scheme: String?
        let status: Int
        let keyPrefix: String?
        let key: String?

        init(_ json: JSONValue) {
            host = json["HostName"]?.string
            scheme = json["Protocol"]?.string
            status = json["HttpRedirectCode"]?.string.flatMap { Int($0) } ?? 301
            keyPrefix = json["ReplaceKeyPrefixWith"]?.string
            key = json["ReplaceKeyWith"]?.string
        }

        /// The address to go to, relative unless another host or scheme is meant.
        func location(for requested: String, matching prefix: String) -> String {
            let target =
                key ?? keyPrefix.map {
                    $0 + String(decoding: requested.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
                } ?? requested
            let path = "/" + PercentEncoding.string(target, keepingSlash: true)
            guard let host else { return path }
            return "\(scheme ?? "http")://\(host)\(path)"
        }
    }

    /// `index.html`
    let indexSuffix: String
    let errorKey: String?
    let redirectAll: Redirect?
    let rules: [RoutingRule]

    /// - Throws: `InvalidArgument`, `InvalidRequest`
    init(_ configuration: JSONValue) throws {
        redirectAll = configuration["RedirectAllRequestsTo"].map(Redirect.init)
        errorKey = configuration["ErrorDocument"]?["Key"]?.string
        rules = (configuration["RoutingRules"].map { Array($0.elements) } ?? []).map { rule in
            RoutingRule(
                keyPrefix: rule["Condition"]?["KeyPrefixEquals"]?.string,
                errorStatus: rule["Condition"]?["HttpErrorCodeReturnedEquals"]?.string.flatMap { Int($0) },
                redirect: Redirect(rule["Redirect"] ?? rule))
        }
        indexSuffix = configuration["IndexDocument"]?["Suffix"]?.string ?? ""
        if redirectAll == nil {
            guard !indexSuffix.isEmpty else {
                throw ServiceError.invalidArgument(
                    "A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty",
                    "IndexDocument", "null")
            }
            guard !indexSuffix.contains("/") else {
                throw ServiceError.invalidArgument(
                    "The IndexDocument Suffix is not well formed", "IndexDocument", indexSuffix)
            }
        }
    }

    /// The rule that sends a request away before it is looked up, or after it failed.
    func redirect(of key: String, status: Int?) -> (status: Int, location: String)? {
        if let redirectAll { return (redirectAll.status, redirectAll.location(for: key, matching: "")) }
        for rule in rules where rule.errorStatus == status && ObjectKey.hasPrefix(key, rule.keyPrefix ?? "") {
            return (rule.redirect.status, rule.redirect.location(for: key, matching: rule.keyPrefix ?? ""))
        }
        return nil
    }
}
