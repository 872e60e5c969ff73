package io.starfire.common;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version of Starfire that runs. Thread-safe. */
public final class StarfireVersion {
  /** The attribute of a jar's manifest that says for which version the jar was built. */
  public static final String MANIFEST_ATTRIBUTE = "Starfire-Version";

  private static final String FILE = "version.properties";
  private static final String NUMBER = read();

  private StarfireVersion() {}

  /** Such as {@code 0.1.0}. */
  public static String number() {
    return NUMBER;
  }

  private static String read() {
    try (InputStream file = StarfireVersion.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw incomplete(null);
      }
      Properties properties = new Properties();
      properties.load(file);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw incomplete(e);
    }
  }

  private static StarfireException incomplete(IOException cause) {
    return new StarfireException(
        ErrorCode.INTERNAL,
        "this build of Starfire is incomplete: file io/starfire/common/%s cannot be read"
            .formatted(FILE),
        cause);
  }
}
