package io.starfire.serving.realtime;

/**
 * A row has a schema that the coordinator does not know, or cannot tell of or register now. It is
 * read again later.
 */
final class UnknownSchemaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownSchemaException(String message, Throwable cause) {
    super(message, cause);
  }
}
