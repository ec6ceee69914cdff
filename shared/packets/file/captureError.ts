// What a file that cannot be opened at all says of itself. Damage further on is a fact of the capture instead (CaptureFacts.damage).

export class CaptureError extends Error {
  constructor(
    /** NOT_A_CAPTURE: another kind of file. CAPTURE_VERSION: a version that nobody reads. CAPTURE_EMPTY: no bytes. CAPTURE_CUT: ends in its header. CAPTURE_DAMAGED: in it. */
    readonly code: 'NOT_A_CAPTURE' | 'CAPTURE_DAMAGED' | 'CAPTURE_VERSION' | 'CAPTURE_EMPTY' | 'CAPTURE_CUT',
    message: string,
  ) {
    super(message);
  }
}
