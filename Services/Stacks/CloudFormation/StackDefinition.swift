import ServiceKit
import TemplateLanguage

/// What a stack is to be: its template and everything that is given with one.
struct StackDefinition: InputShape, OutputShape {
    var template: String
    /// Every parameter of the template, whether given or by default.
    var parameters: [String: String]
    var tags: [Tag]
    var capabilities: [String]
    var notificationARNs: [String]
    /// The role the stack's resources are made in; without one, as whoever asks for it.
    var roleARN: String?

    init(
        template: String, parameters: [String: String] = [:], tags: [Tag] = [], capabilities: [String] = [],
        notificationARNs: [String] = [], roleARN: String? = nil
    ) {
        (self.template, self.parameters, self.tags) = (template, parameters, tags)
        (self.capabilities, self.notificationARNs, self.roleARN) = (capabilities, notificationARNs, roleARN)
    }

    init(_ member: Members) throws {
        template = try member("template")
        parameters = try member("parameters")
        tags = try member("tags")
        capabilities = try member("capabilities")
        notificationARNs = try member("notificationARNs")
        roleARN = try member("roleARN")
    }

    func write(to json: inout JSONWriter) {
        json.member("template", template)
        json.member("parameters", parameters)
        json.member("tags", tags)
        json.member("capabilities", capabilities)
        json.member("notificationARNs", notificationARNs)
        json.member("roleARN", roleARN)
    }
}
