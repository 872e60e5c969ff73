package io.starfire.decoding;

/**
 * Bytes or text that are not a value of the expected type. Collects the path to the component on
 * its way out; the public codecs turn it into a StarfireException, so it never leaves a codec.
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
    // Dead letters may come in masses; a stack trace of a codec explains nothing about them.
    super(reason, cause, false, false);
    this.path = path;
    this.reason = reason;
  }

  /** The same failure, seen from the enclosing component. */
  public DecodingFailure inside(String component) {
    return new DecodingFailure(
        path.isEmpty() ? component : component + "." + path, reason, getCause());
  }

  /** The reason, after the path of the component where there is one. */
  public String describe() {
    return path.isEmpty() ? reason : "component '" + path + "': " + reason;
  }
}
