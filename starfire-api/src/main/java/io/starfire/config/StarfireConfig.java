package io.starfire.config;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The configuration of a deployment. Overrides from the command line win over the HOCON file, and
 * the file wins over {@code reference.conf}, which has every key with its default and meaning.
 * Immutable and thread-safe.
 *
 * <p>A getter takes the whole path, such as {@code starfire.stream.lateness}. Use {@link #path} if
 * a part comes from a user, such as the name of a source. A getter fails with INVALID_INPUT if the
 * key is not set or its value has the wrong type; the message names the key, the value, the file
 * and line, and what is expected.
 */
public final class StarfireConfig {
  private static final String ROOT = "starfire";
  private static final Duration LONGEST = Duration.ofDays(100_000);
  private static final Pattern BARE_NUMBER = Pattern.compile("[+-]?[0-9.]+");

  private final Config config;

  private StarfireConfig(Config config) {
    this.config = config;
  }

  /**
   * Reads a file.
   *
   * @param file HOCON; its includes are relative to it
   * @param overrides values by full key, as text; they win over the file
   * @throws StarfireException with NOT_FOUND if there is no such file; with INVALID_INPUT if it is
   *     malformed or holds a key of Starfire that does not exist
   */
  public static StarfireConfig load(Path file, Map<String, String> overrides) {
    if (!Files.isRegularFile(file)) {
      throw new StarfireException(
          ErrorCode.NOT_FOUND,
          "there is no configuration file %s; name one with --config".formatted(file));
    }
    return layered(
        () ->
            ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false)),
        overrides);
  }

  /** Reads HOCON text, such as that of {@link #render}. Errors as for {@link #load}. */
  public static StarfireConfig fromString(String text) {
    return layered(() -> ConfigFactory.parseString(text), Map.of());
  }

  /** The defaults, with overrides. Errors as for {@link #load}. */
  public static StarfireConfig fromMap(Map<String, String> overrides) {
    return layered(ConfigFactory::empty, overrides);
  }

  /** This configuration with further overrides. Errors as for {@link #load}. */
  public StarfireConfig withOverrides(Map<String, String> overrides) {
    return layered(() -> config, overrides);
  }

  /** Joins parts to a path. A part is quoted if it needs to be. */
  public static String path(String... parts) {
    return ConfigUtil.joinPath(parts);
  }

  /** Whether the key has a value, be it set or a default. */
  public boolean has(String path) {
    return config.hasPath(path);
  }

  public String string(String path) {
    return read(path, "text", config::getString);
  }

  /** An amount of time of at most 100,000 days; the unit is required. */
  public Duration duration(String path) {
    return read(path, "a duration; write it like 500ms, 30s, 5m or 1h", this::parseDuration);
  }

  /** A number of bytes. */
  public long bytes(String path) {
    return read(path, "a number of bytes; write it like 65536, 512k or 64m", config::getBytes);
  }

  public int integer(String path) {
    return integer(path, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** A whole number from {@code minimum} to {@code maximum}, both inclusive. */
  public int integer(String path, int minimum, int maximum) {
    return (int) number(path, minimum, maximum);
  }

  /** A whole number from {@code minimum} to {@code maximum}, both inclusive. */
  public long number(String path, long minimum, long maximum) {
    long value = read(path, "a whole number", at -> parseLong(config.getString(at)));
    if (value < minimum || value > maximum) {
      throw bad(
          path, "must be from %d to %d".formatted(minimum, maximum), config.getValue(path), null);
    }
    return value;
  }

  /** A number with decimals. */
  public double decimal(String path) {
    return read(path, "a number", config::getDouble);
  }

  public boolean bool(String path) {
    return read(path, "true or false", config::getBoolean);
  }

  /**
   * A list of texts. A single text is split at its commas; {@code \,} is a comma that does not
   * split.
   */
  public List<String> list(String path) {
    return read(path, "a list; write it like [a, b]", this::parseList);
  }

  /** A constant of an enum, by its name in upper or lower case, with - instead of _. */
  public <E extends Enum<E>> E choice(String path, Class<E> type) {
    String names =
        String.join(", ", List.of(type.getEnumConstants()).stream().map(Choices::name).toList());
    return read(path, "one of " + names, at -> Choices.parse(type, config.getString(at)));
  }

  /**
   * All values below a path, as text, by their keys relative to the path; empty if there are none.
   */
  public SortedMap<String, String> properties(String path) {
    if (!config.hasPath(path)) {
      return Collections.emptySortedMap();
    }
    SortedMap<String, String> properties = new TreeMap<>();
    Properties.flatten("", read(path, "a group of keys", config::getObject), properties);
    return Collections.unmodifiableSortedMap(properties);
  }

  /** The keys directly below a path, such as the names of all sources; empty if there are none. */
  public SortedSet<String> names(String path) {
    if (!config.hasPath(path)) {
      return Collections.emptySortedSet();
    }
    return Collections.unmodifiableSortedSet(
        new TreeSet<>(read(path, "a group of keys", config::getObject).keySet()));
  }

  /** The whole configuration as JSON, fully resolved. {@link #fromString} reads it. */
  public String render() {
    return config.root().render(ConfigRenderOptions.concise());
  }

  /** Where the value of a key was written, such as {@code demo.conf, line 3}. */
  public String origin(String path) {
    return Origins.describe(config.getValue(path).origin());
  }

  private static StarfireConfig layered(
      java.util.function.Supplier<Config> parser, Map<String, String> overrides) {
    try {
      Config reference =
          ConfigFactory.parseResources(
                  StarfireConfig.class.getClassLoader(),
                  "reference.conf",
                  ConfigParseOptions.defaults().setAllowMissing(false))
              .withOnlyPath(ROOT)
              .resolve();
      Config user = overrides(overrides).withFallback(parser.get());
      Config merged = user.withFallback(reference).resolve().withOnlyPath(ROOT);
      KnownKeys.check(user.resolveWith(merged.withFallback(user)), reference);
      merged = withDefaults(merged, "sources", "source-defaults");
      merged = withDefaults(merged, "lookups", "lookup-defaults");
      merged = withDefaults(merged, "schemas", "schema-defaults");
      merged = withDefaults(merged, "topics", "topic-defaults");
      Properties.refuseDangerous(merged);
      return new StarfireConfig(merged);
    } catch (ConfigException e) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "the configuration cannot be read: " + e.getMessage(), e);
    }
  }

  private static Config overrides(Map<String, String> overrides) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      requireNonNull(override.getValue(), override.getKey());
      values.put(override.getKey(), override.getValue());
    }
    return ConfigFactory.parseMap(values, "command line");
  }

  /** Gives each source, lookup and schema the defaults that reference.conf has for its kind. */
  private static Config withDefaults(Config config, String groups, String defaults) {
    Config result = config;
    for (String name : config.getObject(path(ROOT, groups)).keySet()) {
      result =
          result.withFallback(
              config.getConfig(path(ROOT, defaults)).atPath(path(ROOT, groups, name)));
    }
    return result;
  }

  private <X> X read(String path, String expected, Function<String, X> getter) {
    if (!config.hasPathOrNull(path) || config.getIsNull(path)) {
      throw new StarfireException(
          ErrorCode.INVALID_INPUT, "%s is not set; it must be %s".formatted(path, expected));
    }
    try {
      return getter.apply(path);
    } catch (ConfigException | IllegalArgumentException | DateTimeParseException e) {
      throw bad(path, "is not " + expected, config.getValue(path), e);
    }
  }

  private static StarfireException bad(
      String path, String problem, ConfigValue value, Exception cause) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "%s = %s (%s) %s"
            .formatted(
                path,
                value.render(ConfigRenderOptions.concise()),
                Origins.describe(value.origin()),
                problem),
        cause);
  }

  private Duration parseDuration(String path) {
    String text = config.getString(path).trim();
    if (BARE_NUMBER.matcher(text).matches() && !text.equals("0")) {
      throw new IllegalArgumentException("no unit");
    }
    Duration duration = text.startsWith("P") ? Duration.parse(text) : config.getDuration(path);
    // The library cuts a time that does not fit into 64 bits of nanoseconds to the longest that
    // does.
    if (duration.abs().compareTo(LONGEST) > 0) {
      throw bad(
          path, "is longer than %d days".formatted(LONGEST.toDays()), config.getValue(path), null);
    }
    return duration;
  }

  private static long parseLong(String text) {
    return Long.parseLong(text.trim().replace("_", ""));
  }

  private List<String> parseList(String path) {
    ConfigValue value = config.getValue(path);
    List<String> items = new ArrayList<>();
    if (value.valueType() == ConfigValueType.LIST) {
      for (ConfigValue item : (ConfigList) value) {
        items.add(Properties.text(item));
      }
    } else {
      for (String item : config.getString(path).split("(?<!\\\\),")) {
        if (!item.isBlank()) {
          items.add(item.trim().replace("\\,", ","));
        }
      }
    }
    return List.copyOf(items);
  }
}
