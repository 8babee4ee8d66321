/// Something an event loop wakes at a point in time.
protocol TimerTarget: AnyObject {
    /// Where the target stands in its loop's queue; the queue's to write. -1 while it is not queued.
    var timerIndex: Int { get set }
    func timerFired(at now: LoopTime)
}

/// A binary heap of deadlines, each target at most once, any of them removable.
struct TimerQueue {
    private struct Entry {
        var deadline: LoopTime
        let target: any TimerTarget
    }

    private var heap: [Entry] = []

    var first: LoopTime? { heap.first?.deadline }

    /// Queues a target, or moves it where it is queued already.
    mutating func set(_ target: any TimerTarget, at deadline: LoopTime) {
        guard target.timerIndex >= 0 else {
            target.timerIndex = heap.count
            heap.append(Entry(deadline: deadline, target: target))
            return siftUp(heap.count - 1)
        }
        let earlier = deadline < heap[target.timerIndex].deadline
        heap[target.timerIndex].deadline = deadline
        if earlier { siftUp(target.timerIndex) } else { siftDown(target.timerIndex) }
    }

    mutating func remove(_ target: any TimerTarget) {
        let index = target.timerIndex
        guard index >= 0 else { return }
        target.timerIndex = -1
        let last = heap.removeLast()
        guard index < heap.count else { return }
        heap[index] = last
        last.target.timerIndex = index
        siftUp(index)
        siftDown(last.target.timerIndex)
    }

    /// Takes the earliest target whose deadline has come.
    mutating func popDue(at now: LoopTime) -> (any TimerTarget)? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        remove(first.target)
        return first.target
    }

    private mutating func siftUp(_ start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].deadline < heap[parent].deadline else { return }
            swap(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var index = start
        while true {
            var smallest = index
            for child in [index * 2 + 1, index * 2 + 2] where child < heap.count {
                if heap[child].deadline < heap[smallest].deadline { smallest = child }
            }
            guard smallest != index else { return }
            swap(index, smallest)
            index = smallest
        }
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        heap.swapAt(left, right)
        heap[left].target.timerIndex = left
        heap[right].target.timerIndex = right
    }
}

/// A single closure at a point in time.
final class LoopTimer: TimerTarget {
    var timerIndex = -1
    private let action: () -> Void

    init(_ action: @escaping () -> Void) { self.action = action }

    func timerFired(at now: LoopTime) { action() }
}
