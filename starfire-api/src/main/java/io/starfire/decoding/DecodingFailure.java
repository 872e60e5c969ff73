package io.starfire.decoding;

/**
 * Thrown if bytes or text are not a value of the expected type. Each enclosing component adds its
 * name to the path. The public codecs turn it into a StarfireException; it never leaves a codec.
 */
public final class DecodingFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String reason;

  public DecodingFailure(String reason) {
    this("", reason, null);
  }

  public DecodingFailure(String reason, Throwable cause) {
    this("", reason, cause);
  }

  private DecodingFailure(String path, String reason, Throwable cause) {
    // No stack trace: there may be very many of these, and the trace of a codec explains nothing.
    super(reason, cause, false, false);
    this.path = path;
    this.reason = reason;
  }

  /** The same failure with the name of the enclosing component in front of its path. */
  public DecodingFailure inside(String component) {
    return new DecodingFailure(
        path.isEmpty() ? component : component + "." + path, reason, getCause());
  }

  /** The path of the component, if there is one, and the reason. */
  public String describe() {
    return path.isEmpty() ? reason : "component '" + path + "': " + reason;
  }
}
