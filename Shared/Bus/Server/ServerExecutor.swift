/// Runs the tasks of brief calls on the server's own thread: nobody has to be woken for them, nor by them.
final class ServerExecutor: TaskExecutor {
    private let mailbox: Mailbox<ServerCommand>

    init(_ mailbox: Mailbox<ServerCommand>) { self.mailbox = mailbox }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        // A task can outlive the server's thread.
        if !mailbox.post(.run(job)) { globalConcurrentExecutor.enqueue(job) }
    }
}
