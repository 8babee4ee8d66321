import Bus
import HTTP

/// The bus' sockets live on the threads of the connections: a request never changes threads in the gateway.
extension EventLoop: BusReactor {}
