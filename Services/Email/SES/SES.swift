import ServiceKit

/// Amazon Simple Email Service, both generations of its API on one store: identities, templates, durable delivery.
///
/// [API reference v1](https://docs.aws.amazon.com/ses/latest/APIReference/Welcome.html),
/// [v2](https://docs.aws.amazon.com/ses/latest/APIReference-V2/Welcome.html)
public enum SES {
    public static func services(on host: ServiceHost) throws -> [AWSService] {
        let relay = try MailRelay(host.configuration)
        let store = MailStore(
            database: try host.database("ses.sqlite", migrations: Schema.migrations),
            masterKey: try MasterKey(in: host.configuration.dataDirectory), hasRelay: relay != nil,
            systemSender: host.configuration["APUS_MAIL_FROM"] ?? "no-reply@apus.localhost")
        let retention = MailRetention(store: store, clock: host.clock)
        host.work("mail-retention") { try await retention.run() }
        if let relay {
            let delivery = MailDelivery(store: store, relay: relay, clock: host.clock, log: host.log)
            host.work("mail-delivery") { try await delivery.run() }
        } else {
            host.log.info("No SMTP relay is configured (APUS_SMTP_URL): mail is kept in the developer's inbox")
        }
        return [
            AWSService("ses", errors: .query, operations: versionOne(store)),
            AWSService("sesv2", actionPrefix: "ses", errors: .sesv2, operations: versionTwo(store)),
            .internal(
                "apus.email",
                operations: [QueueSystemEmail(store: store), ListInbox(store: store), GetMail(store: store)]),
            AWSService(
                "inbox", actionPrefix: "apus", errors: .restJSON,
                operations: [ReadInbox(store: store), ClearInbox(store: store)]),
        ]
    }

    private static func versionOne(_ store: MailStore) -> [any AWSOperation] {
        [
            SendEmail(store: store), SendRawEmail(store: store), SendTemplatedEmail(store: store),
            VerifyEmailIdentity(store: store), VerifyDomainIdentity(store: store), DeleteIdentity(store: store),
            ListIdentities(store: store), GetIdentityVerificationAttributes(store: store),
            CreateTemplate(store: store), GetTemplate(store: store), UpdateTemplate(store: store),
            DeleteTemplate(store: store), ListTemplates(store: store), GetSendQuota(store: store),
        ]
    }

    private static func versionTwo(_ store: MailStore) -> [any AWSOperation] {
        [
            SESv2.SendEmail(store: store), SESv2.CreateEmailIdentity(store: store),
            SESv2.GetEmailIdentity(store: store), SESv2.DeleteEmailIdentity(store: store),
            SESv2.ListEmailIdentities(store: store), SESv2.CreateEmailTemplate(store: store),
            SESv2.GetEmailTemplate(store: store), SESv2.UpdateEmailTemplate(store: store),
            SESv2.DeleteEmailTemplate(store: store), SESv2.ListEmailTemplates(store: store),
            SESv2.GetAccount(store: store),
        ]
    }
}

/// Where the operations of the second generation live: some share their names with the first.
enum SESv2 {}

extension AWSService.ErrorForms {
    static let sesv2 = AWSService.ErrorForms(
        accessDenied: "AccessDeniedException", status: 403, validation: "BadRequestException")
}
