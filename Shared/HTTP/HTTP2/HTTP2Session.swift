import Bytes
import CNGHTTP2
import HTTPTypes

/// A server's side of HTTP/2 (RFC 9113) by nghttp2: frames in and out, streams, flow control, floods.
///
/// Confined to its connection's actor; nghttp2 calls back only from within `receive` and `nextOutput`.
final class HTTP2Session {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
    private static let streamWindow: UInt32 = 256 * 1024
    private static let connectionWindow: Int32 = 4 << 20

    private var session: OpaquePointer?
    let limits: HTTPLimits
    private(set) var streams: [Int32: HTTP2Stream] = [:]
    /// Streams whose head has come and whose handler is to be called.
    private(set) var ready: [HTTP2Stream] = []
    var now: LoopTime
    var guardian: HTTP2FloodGuard
    private(set) var isFlooded = false

    /// - Parameter maximumStreams: streams a client may have open at once.
    init(limits: HTTPLimits, maximumStreams: Int, at now: LoopTime) {
        self.limits = limits
        self.now = now
        guardian = HTTP2FloodGuard(at: now)
        var callbacks: OpaquePointer?
        var options: OpaquePointer?
        nghttp2_session_callbacks_new(&callbacks)
        nghttp2_option_new(&options)
        // The window opens again when the handler has read, not when the bytes came.
        nghttp2_option_set_no_auto_window_update(options, 1)
        HTTP2Callbacks.set(callbacks)
        nghttp2_session_server_new2(&session, callbacks, Unmanaged.passUnretained(self).toOpaque(), options)
        nghttp2_session_callbacks_del(callbacks)
        nghttp2_option_del(options)
        submitSettings(maximumStreams)
    }

    deinit { nghttp2_session_del(session) }

    private func submitSettings(_ maximumStreams: Int) {
        let settings = [
            (NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, UInt32(maximumStreams)),
            (NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, Self.streamWindow),
            (NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, UInt32(limits.fieldsBytes + limits.startLineBytes)),
        ].map { nghttp2_settings_entry(settings_id: Int32($0.0.rawValue), value: $0.1) }
        nghttp2_submit_settings(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count)
        nghttp2_session_set_local_window_size(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Self.connectionWindow)
    }

    // MARK: Frames

    /// Takes bytes of the client; false where the connection cannot go on (the reason is among the output).
    func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let count = nghttp2_session_mem_recv(session, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
        guard count != bytes.count else { return true }
        // What nghttp2 answers with a GOAWAY of its own it takes whole; all else is a flood, or no HTTP/2.
        let isProtocolError = count == Int(NGHTTP2_ERR_BAD_CLIENT_MAGIC.rawValue)
        let reason = isProtocolError ? NGHTTP2_PROTOCOL_ERROR : NGHTTP2_ENHANCE_YOUR_CALM
        nghttp2_session_terminate_session(session, reason.rawValue)
        return false
    }

    /// The next bytes for the client, valid until the next call.
    func nextOutput() -> UnsafeRawBufferPointer? {
        var bytes: UnsafePointer<UInt8>?
        let count = nghttp2_session_mem_send(session, &bytes)
        guard count > 0 else { return nil }
        return UnsafeRawBufferPointer(start: bytes, count: count)
    }

    var isOver: Bool { nghttp2_session_want_read(session) == 0 && nghttp2_session_want_write(session) == 0 }

    func takeReady() -> [HTTP2Stream] {
        defer { ready.removeAll(keepingCapacity: true) }
        return ready
    }

    /// Tells the client to open no more streams; those that run go on.
    func drain() {
        let last = nghttp2_session_get_last_proc_stream_id(session)
        nghttp2_submit_goaway(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), last, NGHTTP2_NO_ERROR.rawValue, nil, 0)
    }

    // MARK: Streams

    func stream(_ id: Int32) -> HTTP2Stream? { streams[id] }

    /// Forgets a stream whose handler has returned; one the client still sends to is reset.
    func finish(_ stream: HTTP2Stream) {
        streams[stream.id] = nil
        discard(stream)
        if !stream.isClosed, !stream.inboundEnded { reset(stream, NGHTTP2_NO_ERROR.rawValue) }
    }

    /// Ends a stream at once.
    func reset(_ stream: HTTP2Stream, _ code: UInt32 = NGHTTP2_CANCEL.rawValue) {
        nghttp2_submit_rst_stream(session, UInt8(NGHTTP2_FLAG_NONE.rawValue), stream.id, code)
    }

    func cancelAll() { for stream in streams.values { stream.close() } }

    /// Gives the connection's window back for bytes nobody will read.
    private func discard(_ stream: HTTP2Stream) {
        guard stream.inboundCount > 0 else { return }
        nghttp2_session_consume_connection(session, stream.takeInbound().count)
    }

    /// Opens the windows for bytes that were read.
    func consumed(_ count: Int, of stream: HTTP2Stream) { nghttp2_session_consume(session, stream.id, count) }

    // MARK: Responses

    /// Queues a response's head; its body is what the stream's `outbound` holds from now on.
    func submit(_ fields: [(name: String, value: String)], hasBody: Bool, on stream: HTTP2Stream) {
        HTTP2Fields.with(fields) { names in
            guard hasBody else {
                nghttp2_submit_response(session, stream.id, names, fields.count, nil)
                return
            }
            var provider = nghttp2_data_provider()
            provider.read_callback = HTTP2Callbacks.readBody
            nghttp2_submit_response(session, stream.id, names, fields.count, &provider)
        }
    }

    /// There is more to send on a stream, or its end.
    func resume(_ stream: HTTP2Stream) { nghttp2_session_resume_data(session, stream.id) }

    private func submitTrailers(_ stream: HTTP2Stream) {
        let fields = stream.outboundTrailers.fields.map { (name: $0.name.asciiLowercased, value: $0.value) }
        HTTP2Fields.with(fields) { _ = nghttp2_submit_trailer(session, stream.id, $0, fields.count) }
    }
}

// MARK: What nghttp2 reports

extension HTTP2Session {
    func headersBegan(_ id: Int32, isRequest: Bool) {
        guardian.headersBegan()
        if isRequest {
            streams[id] = HTTP2Stream(id, at: now)
        } else {
            streams[id]?.trailers = HTTP2Headers()
        }
    }

    func header(
        _ id: Int32, _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>
    ) {
        guard let stream = streams[id] else { return }
        if stream.trailers == nil {
            stream.headers.append(name, value, limits)
        } else {
            stream.trailers?.append(name, value, limits)
        }
    }

    func frameCame(_ header: nghttp2_frame_hd) {
        let ends = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            guard let stream = streams[header.stream_id] else { return }
            if ends { end(stream) }
            guard !stream.isReady else { return }
            stream.isReady = true
            ready.append(stream)
        case NGHTTP2_DATA.rawValue:
            if header.length == 0 && !ends { spendControl() }
            if ends, let stream = streams[header.stream_id] { end(stream) }
        case NGHTTP2_RST_STREAM.rawValue: if !guardian.acceptsReset(at: now) { isFlooded = true }
        case NGHTTP2_PING.rawValue, NGHTTP2_SETTINGS.rawValue, NGHTTP2_PRIORITY.rawValue: spendControl()
        default: break
        }
    }

    func frameBegins(_ header: nghttp2_frame_hd) {
        guard UInt32(header.type) == NGHTTP2_CONTINUATION.rawValue else { return }
        if !guardian.acceptsContinuation() { isFlooded = true }
    }

    private func spendControl() { if !guardian.acceptsControl(at: now) { isFlooded = true } }

    private func end(_ stream: HTTP2Stream) {
        stream.inboundEnded = true
        stream.wakeReader()
    }

    func dataCame(_ id: Int32, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard let stream = streams[id] else {
            nghttp2_session_consume(session, id, bytes.count)
            return
        }
        stream.append(bytes)
    }

    func streamClosed(_ id: Int32) {
        guard let stream = streams[id] else { return }
        stream.close()
        // A stream that runs is forgotten by its task.
        if !stream.isReady {
            discard(stream)
            streams[id] = nil
        }
    }

    /// Fills a DATA frame; what is not there yet is asked for again after `resume`.
    func readBody(
        _ stream: HTTP2Stream, into buffer: UnsafeMutableBufferPointer<UInt8>, _ flags: UnsafeMutablePointer<UInt32>
    ) -> Int {
        let count = min(buffer.count, stream.outbound.count - stream.outboundOffset)
        if count > 0 {
            let rest = stream.outbound[stream.outboundOffset..<(stream.outboundOffset + count)]
            _ = buffer.update(fromContentsOf: rest)
            stream.outboundOffset += count
        }
        guard !stream.hasOutbound else { return count }
        stream.wakeWriter()
        guard stream.outboundEnded else { return count > 0 ? count : Int(NGHTTP2_ERR_DEFERRED.rawValue) }
        stream.outboundFinished = true
        flags.pointee |= NGHTTP2_DATA_FLAG_EOF.rawValue
        if stream.outboundTrailers.count > 0 {
            flags.pointee |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
            submitTrailers(stream)
        }
        return count
    }
}
