package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The settings of a lookup, from {@code starfire.lookups.<name>}. Immutable.
 *
 * @param name of the lookup in the pipeline
 * @param file path of a CSV file with a header
 * @param keyColumn the column with the key; null means the first
 */
public record LookupSettings(String name, String file, String keyColumn) {

  /**
   * Reads {@code starfire.lookups.<name>}.
   *
   * @throws StarfireException with INVALID_INPUT if it is not configured
   */
  public static LookupSettings from(StarfireConfig config, String name) {
    String file = StarfireConfig.path("starfire", "lookups", name, "file");
    if (!config.has(file)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "lookup '%s' is not configured; add starfire.lookups.%s { file = ... } (configured: %s)"
              .formatted(name, name, config.names("starfire.lookups")));
    }
    String keyColumn = StarfireConfig.path("starfire", "lookups", name, "key-column");
    return new LookupSettings(
        name, config.string(file), config.has(keyColumn) ? config.string(keyColumn) : null);
  }

  /**
   * Reads the file, which must be on the local disk.
   *
   * @throws StarfireException with NOT_FOUND if it cannot be read
   */
  public byte[] readLocalFile() {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "lookup '%s': file %s cannot be read (%s); set starfire.lookups.%s.file"
              .formatted(name, file, IoFailure.reason(e), name),
          e);
    }
  }
}
