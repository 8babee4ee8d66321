import CCurl
import Dispatch
import ServiceKit

/// The SMTP server that delivers mail, spoken to by libcurl: STARTTLS where offered, authentication where configured.
///
/// Settings: `APUS_SMTP_URL` (`smtp://host:port`, `smtps://…`), `APUS_SMTP_USER`, `APUS_SMTP_PASSWORD`,
/// `APUS_SMTP_TLS` (`require` refuses a server without TLS).
struct MailRelay: Sendable {
    private let url: String
    private let user: String?
    private let password: String?
    private let requiresTLS: Bool
    private let queue = DispatchQueue(label: "apus.smtp")

    struct Failure: Error, CustomStringConvertible {
        let reason: String
        /// The server's last answer, 0 where there was none.
        let code: Int
        /// A 5xx answer: trying again brings the same.
        var isPermanent: Bool { (500...599).contains(code) }
        var description: String { code == 0 ? reason : "\(reason) (SMTP \(code))" }
    }

    private static let globalSetUp: Void = { _ = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()

    /// `nil` where no relay is configured.
    init?(_ configuration: Config) throws {
        guard let url = configuration["APUS_SMTP_URL"], !url.isEmpty else { return nil }
        guard url.hasPrefix("smtp://") || url.hasPrefix("smtps://") else {
            throw ConfigError(name: "APUS_SMTP_URL", value: url, expected: "an smtp:// or smtps:// address")
        }
        self.url = url
        user = configuration["APUS_SMTP_USER"]
        password = configuration["APUS_SMTP_PASSWORD"]
        requiresTLS = configuration["APUS_SMTP_TLS"] == "require"
        MailRelay.globalSetUp
    }

    /// Delivers one mail; returns when the server has accepted it.
    ///
    /// - Throws: `Failure`
    func deliver(_ mail: QueuedMail) async throws {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.perform(mail) }) }
        }
    }

    private func perform(_ mail: QueuedMail) throws {
        guard let handle = curl_easy_init() else { throw Failure(reason: "libcurl cannot start", code: 0) }
        defer { curl_easy_cleanup(handle) }
        var recipients: UnsafeMutablePointer<curl_slist>?
        for recipient in mail.recipients { recipients = curl_slist_append(recipients, "<\(recipient)>") }
        defer { curl_slist_free_all(recipients) }
        let upload = Upload(mail.data)
        try check(apus_curl_set_string(handle, CURLOPT_URL, url), handle)
        try check(apus_curl_set_string(handle, CURLOPT_MAIL_FROM, "<\(mail.sender)>"), handle)
        try check(apus_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients), handle)
        if let user { try check(apus_curl_set_string(handle, CURLOPT_USERNAME, user), handle) }
        if let password { try check(apus_curl_set_string(handle, CURLOPT_PASSWORD, password), handle) }
        let security = requiresTLS ? CURLUSESSL_ALL : CURLUSESSL_TRY
        try check(apus_curl_set_long(handle, CURLOPT_USE_SSL, Int(security.rawValue)), handle)
        try check(apus_curl_set_long(handle, CURLOPT_TIMEOUT, 60), handle)
        try check(apus_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, 10), handle)
        try check(apus_curl_set_long(handle, CURLOPT_NOSIGNAL, 1), handle)
        try check(apus_curl_set_long(handle, CURLOPT_UPLOAD, 1), handle)
        try check(apus_curl_set_reader(handle, Upload.read), handle)
        try check(apus_curl_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(upload).toOpaque()), handle)
        try withExtendedLifetime(upload) { try check(curl_easy_perform(handle), handle) }
    }

    private func check(_ code: CURLcode, _ handle: UnsafeMutableRawPointer) throws {
        guard code != CURLE_OK else { return }
        throw Failure(reason: String(cString: curl_easy_strerror(code)), code: Int(apus_curl_response_code(handle)))
    }

    /// A mail's bytes as libcurl asks for them, on one thread.
    private final class Upload {
        private let bytes: [UInt8]
        private var position = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        static let read: curl_read_callback = { buffer, size, count, context in
            guard let buffer, let context else { return 0 }
            let upload = Unmanaged<Upload>.fromOpaque(context).takeUnretainedValue()
            let length = min(size * count, upload.bytes.count - upload.position)
            UnsafeMutableRawBufferPointer(start: buffer, count: length)
                .copyBytes(from: upload.bytes[upload.position..<upload.position + length])
            upload.position += length
            return length
        }
    }
}
