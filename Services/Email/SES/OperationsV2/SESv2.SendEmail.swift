import ServiceKit

extension SESv2 {
    /// Accepts a mail: composed, raw, or from a template.
    ///
    /// [API reference](https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html)
    struct SendEmail: AWSOperation {
        struct Input: InputShape {
            let fromEmailAddress: String?
            let destination: Destination?
            let replyToAddresses: [String]
            let content: Content

            init(_ member: Members) throws {
                fromEmailAddress = try member("FromEmailAddress")
                destination = try member("Destination")
                replyToAddresses = try member("ReplyToAddresses") ?? []
                content = try member("Content")
            }
        }

        struct Content: InputShape {
            let simple: Message?
            let raw: RawMessage?
            let template: TemplateUse?

            init(_ member: Members) throws {
                simple = try member("Simple")
                raw = try member("Raw")
                template = try member("Template")
            }
        }

        struct TemplateUse: InputShape {
            let name: String?
            let content: TemplateContent?
            let data: String

            init(_ member: Members) throws {
                name = try member("TemplateName")
                content = try member("TemplateContent")
                data = try member("TemplateData") ?? "{}"
            }
        }

        let store: MailStore

        func permissions(for input: Input, in call: Call) -> [Permission] {
            let action = input.content.raw != nil ? "ses:SendRawEmail" : "ses:SendEmail"
            return [Permission(action, on: identityARN(input.fromEmailAddress, in: call))]
        }

        func perform(_ input: Input, in call: Call) async throws -> SendEmailOutput {
            do {
                return SendEmailOutput(messageId: try await send(input, in: call))
            } catch let error as ServiceError {
                throw error.inVersionTwo
            }
        }

        private func send(_ input: Input, in call: Call) async throws -> String {
            let source = try input.fromEmailAddress.map(EmailAddress.init)
            if let raw = input.content.raw {
                return try await Outgoing.send(
                    try RawMail(raw.data.bytes), from: source, to: input.destination?.all ?? [], by: store, in: call)
            }
            guard let source else { throw ServiceError.missingSender() }
            let (subject, text, html) = try await parts(of: input.content, in: call)
            let mail = Outgoing(
                from: source, destination: input.destination ?? Destination(to: []),
                replyTo: try input.replyToAddresses.map(EmailAddress.init), subject: subject, text: text, html: html)
            return try await mail.send(by: store, in: call)
        }

        private func parts(
            of content: Content, in call: Call
        ) async throws -> (subject: String, text: String?, html: String?) {
            if let simple = content.simple { return (simple.subject, simple.text, simple.html) }
            guard let use = content.template else {
                throw ServiceError("BadRequestException", "Exactly one of Simple, Raw and Template must be given.")
            }
            if let inline = use.content { return try inline.template("inline", at: call.now).render(use.data) }
            guard let name = use.name else {
                throw ServiceError("BadRequestException", "TemplateName or TemplateContent must be given.")
            }
            return try await store.read { try $0.template(name, in: call) }.render(use.data)
        }
    }

    /// A template's parts as this API generation names them.
    struct TemplateContent: InputShape, OutputShape {
        let subject: String?
        let text: String?
        let html: String?

        init(_ member: Members) throws {
            subject = try member("Subject")
            text = try member("Text")
            html = try member("Html")
        }

        init(_ template: Template) {
            subject = template.subject
            text = template.text
            html = template.html
        }

        func write(to json: inout JSONWriter) {
            json.member("Subject", subject)
            json.member("Text", text)
            json.member("Html", html)
        }

        func template(_ name: String, at now: Timestamp) -> Template {
            Template(name: name, subject: subject, text: text, html: html, created: now)
        }
    }
}
