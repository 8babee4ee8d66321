// The other process of the bus's tests: serves one address until it is killed.
//
//     bus-peer ADDRESS JOURNAL [PUBLISH-ADDRESS]
import Bus
import Bytes

#if canImport(Glibc)
    import Glibc
#endif

let arguments = CommandLine.arguments
guard arguments.count >= 3 else { fatalError("usage: bus-peer ADDRESS JOURNAL [PUBLISH-ADDRESS]") }
let journal = Journal(path: arguments[2])
let publisher = try arguments.count > 3 ? BusPublisher(bind: [BusAddress.parse(arguments[3])]) : nil
let server = BusServer(bind: [try BusAddress.parse(arguments[1])]) { request in
    await Peer(journal: journal, publisher: publisher).answer(request)
}
try server.start()
while true { pause() }
