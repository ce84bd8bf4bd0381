/** Every failure of GStreamer is one of these; wrong arguments are a `TypeError` or a `RangeError`. */
export class GstError extends Error {
  /** GStreamer's own message, or the system's, if there is one. */
  readonly detail: string | null;

  constructor(message: string, options: { detail?: string | null; cause?: unknown } = {}) {
    super(
      options.detail ? `${message}: ${options.detail}` : message,
      'cause' in options ? { cause: options.cause } : {},
    );
    this.name = new.target.name;
    this.detail = options.detail ?? null;
  }
}

/**
 * Memory could not be allocated or imported. An fd given to the failed call stays open and still belongs to the caller.
 */
export class AllocationError extends GstError {}

/** Memory or a buffer could not be mapped. */
export class MapError extends GstError {}

/** A write to something shared was refused. `makeWritable()` returns a copy that may be written. */
export class NotWritableError extends GstError {}

/** A pool refused its configuration, could not start, or has no free buffer. */
export class PoolError extends GstError {}

/** A query could not be made or answered. */
export class QueryError extends GstError {}

/** A pipeline could not be built, or failed while it ran. */
export class PipelineError extends GstError {
  /** Name of the element that reported the error, if one did. */
  readonly element: string | null;
  /** The element's debug text: file, line, function and more. */
  readonly debug: string | null;

  constructor(
    message: string,
    options: { detail?: string | null; cause?: unknown; element?: string | null; debug?: string | null } = {},
  ) {
    super(message, options);
    this.element = options.element ?? null;
    this.debug = options.debug ?? null;
  }
}

/** Data could not flow; `flow` is the GstFlowReturn (−2 flushing, −3 EOS, −4 not negotiated, −5 error). */
export class FlowError extends GstError {
  /** The GstFlowReturn. */
  readonly flow: number;

  constructor(message: string, flow: number) {
    super(message);
    this.flow = flow;
  }
}

/** A feature, version, engine or device is missing; the message says what is needed and what was found. */
export class UnavailableError extends GstError {}

/** The object was disposed before. */
export class DisposedError extends GstError {}

/** A shmdata peer or path misbehaved. */
export class ShmdataError extends GstError {}
