package io.starfire.serving.realtime;

/** A row was written with a schema that the coordinator does not know, or cannot tell of now. */
final class UnknownSchemaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownSchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
