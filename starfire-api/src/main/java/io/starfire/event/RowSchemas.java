package io.starfire.event;

import static java.util.Objects.requireNonNull;

import io.starfire.common.ErrorCode;
import io.starfire.common.IoFailure;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The schemas of rows that a configuration has under {@code starfire.schemas}. Immutable. */
public final class RowSchemas {
  private static final String GROUP = "starfire.schemas";
  private static final RowSchemas NONE = new RowSchemas(StarfireConfig.fromMap(Map.of()));

  private final StarfireConfig config;

  private RowSchemas(StarfireConfig config) {
    this.config = requireNonNull(config, "config");
  }

  public static RowSchemas of(StarfireConfig config) {
    return new RowSchemas(config);
  }

  /** For pipelines that do not need any. */
  public static RowSchemas none() {
    return NONE;
  }

  /**
   * Reads {@code starfire.schemas.<name>}.
   *
   * @throws StarfireException with INVALID_INPUT if it is not configured or is no schema; with
   *     NOT_FOUND if its file cannot be read
   */
  public RowSchema get(String name) {
    return RowSchema.parse(name, text(name));
  }

  /**
   * The same configuration with the content of schemas' files in the place of their names, for
   * processes that do not have the files. Errors as of {@link #get}.
   */
  public static StarfireConfig withoutFiles(StarfireConfig config) {
    RowSchemas schemas = new RowSchemas(config);
    Map<String, String> texts = new TreeMap<>();
    for (String name : config.names(GROUP)) {
      texts.put(key(name, "text"), schemas.text(name));
    }
    return texts.isEmpty() ? config : config.withOverrides(texts);
  }

  private String text(String name) {
    if (!config.names(GROUP).contains(name)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the schema of rows '%s' is not configured; add starfire.schemas.%s { fields = \"id string, city string?\" }, or its file (configured: %s)"
              .formatted(name, name, config.names(GROUP)));
    }
    if (config.has(key(name, "text"))) {
      return config.string(key(name, "text"));
    }
    List<String> fields = config.list(key(name, "fields"));
    if (!fields.isEmpty()) {
      return String.join(", ", fields);
    }
    if (!config.has(key(name, "file"))) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT,
          "the schema of rows '%s' is empty; set starfire.schemas.%s.fields or starfire.schemas.%s.file"
              .formatted(name, name, name));
    }
    String file = config.string(key(name, "file"));
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "the schema of rows '%s': file %s cannot be read (%s); set starfire.schemas.%s.file"
              .formatted(name, file, IoFailure.reason(e), name),
          e);
    }
  }

  private static String key(String name, String setting) {
    return StarfireConfig.path("starfire", "schemas", name, setting);
  }
}
