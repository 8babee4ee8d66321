import CNGHTTP2

/// nghttp2's C callbacks, each passed on to its session.
enum HTTP2Callbacks {
    static func set(_ callbacks: OpaquePointer?) {
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, context in
            guard let hd = frame?.pointee.hd, let headers = frame?.pointee.headers else { return 0 }
            session(context)?.headersBegan(hd.stream_id, isRequest: headers.cat == NGHTTP2_HCAT_REQUEST)
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, frame, name, nameCount, value, count, _, context in
            guard let id = frame?.pointee.hd.stream_id else { return 0 }
            session(context)?.header(
                id, UnsafeBufferPointer(start: name, count: nameCount), UnsafeBufferPointer(start: value, count: count))
            return 0
        }
        nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, context in
            guard let header, let session = HTTP.session(context) else { return 0 }
            session.frameBegins(header.pointee)
            return session.isFlooded ? NGHTTP2_ERR_CALLBACK_FAILURE.rawValue : 0
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, context in
            guard let frame, let session = HTTP.session(context) else { return 0 }
            session.frameCame(frame.pointee.hd)
            return session.isFlooded ? NGHTTP2_ERR_CALLBACK_FAILURE.rawValue : 0
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, id, bytes, count, context in
            session(context)?.dataCame(id, UnsafeBufferPointer(start: bytes, count: count))
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, _, context in
            session(context)?.streamClosed(id)
            return 0
        }
    }

    static let readBody: nghttp2_data_source_read_callback = { _, id, buffer, count, flags, _, context in
        // A stream whose handler is through with it is not there any more: nghttp2 resets it.
        guard let flags, let session = HTTP.session(context), let stream = session.stream(id) else {
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        return session.readBody(stream, into: UnsafeMutableBufferPointer(start: buffer, count: count), flags)
    }
}

/// The session a callback is for. A free function: C function pointers capture nothing.
private func session(_ context: UnsafeMutableRawPointer?) -> HTTP2Session? {
    guard let context else { return nil }
    return Unmanaged<HTTP2Session>.fromOpaque(context).takeUnretainedValue()
}
