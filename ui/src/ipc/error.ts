import type { ApiError } from "./contract";

/** A command that failed, with the core's error in the anatomy every screen shows. */
export class CommandError extends Error {
  readonly error: ApiError;

  constructor(error: ApiError) {
    super(error.message);
    this.name = "CommandError";
    this.error = error;
  }

  static from(cause: unknown): CommandError {
    return cause instanceof CommandError ? cause : new CommandError(errorOf(cause));
  }
}

/** The `ApiError` in anything that was caught; wraps what is none. */
export function errorOf(cause: unknown): ApiError {
  if (cause instanceof CommandError) return cause.error;
  if (isApiError(cause)) return cause;
  return windowError("unexpected", cause instanceof Error ? cause.message : String(cause));
}

/** An error that arose on this side of the door. */
export function windowError(kind: string, message: string): ApiError {
  return {
    kind,
    message,
    field: null,
    operation: null,
    bucket: null,
    key: null,
    status: null,
    code: null,
    request_id: null,
    attempts: 0,
  };
}

function isApiError(value: unknown): value is ApiError {
  return typeof value === "object" && value !== null && "kind" in value && "message" in value;
}
