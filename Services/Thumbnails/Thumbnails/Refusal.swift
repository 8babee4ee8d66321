/// Why an image is not derived from: the file's fault, so trying again is of no use.
package struct Refusal: Error, Equatable {
    package let code: String
    package let reason: String

    package static let tooLarge = Refusal(
        code: "FileTooLarge", reason: "The file is larger than \(ImageLimits.fileBytes >> 20) MiB.")
    package static let timedOut = Refusal(code: "TimedOut", reason: "The image took longer than its time to decode.")
    package static func notDecoded(_ reason: String) -> Refusal { Refusal(code: "NotDecoded", reason: reason) }
    package static func tooManyPixels(_ width: Int, _ height: Int) -> Refusal {
        Refusal(
            code: "TooManyPixels",
            reason: "The image has \(width) × \(height) pixels; \(ImageLimits.pixels) are allowed.")
    }
    /// Its first frame may be had.
    package static func tooManyFrames(_ frames: Int, _ width: Int, _ height: Int) -> Refusal {
        Refusal(
            code: "LimitExceeded",
            reason: "The animation has \(frames) frames of \(width) × \(height) pixels; "
                + "\(ImageLimits.frames) frames and \(ImageLimits.pixels) pixels in all are allowed.")
    }
    package static let truncated = Refusal(code: "Truncated", reason: "The file ends before the image does.")
    package static let limitExceeded = Refusal(
        code: "LimitExceeded", reason: "Decoding the image needed more memory or time than allowed.")
}
