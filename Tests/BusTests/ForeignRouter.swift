import CZeroMQ

@testable import Bus

/// An owner made of libzmq alone: hands `answer` each whole message, the caller's routing id first, until told to stop.
func runRouter(
    at address: BusAddress, bound: ThreadAnswer<Bool>, until stop: Mailbox<Bool>,
    _ answer: (_ router: Socket, _ request: MessageReader) -> Void
) {
    let context = Context()
    let router = Socket(ZMQ_ROUTER, in: context)
    bound.give((try? router.bind(address)) != nil)
    let reader = MessageReader(parts: 1 + Frame.parts)
    var poll = PollSet(wakeUp: stop.wakeUp)
    poll.add(router)
    while stop.mayWait() {
        poll.wait(milliseconds: -1)
        stop.wakened(wasSignalled: poll.isReadable(0))
        while reader.receive(from: router) == .complete { answer(router, reader) }
    }
    router.close()
    context.terminate()
}
