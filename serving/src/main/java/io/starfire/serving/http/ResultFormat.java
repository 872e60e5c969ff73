package io.starfire.serving.http;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the rows of an SQL answer are written. */
enum ResultFormat {
  OBJECT("object"),
  ARRAY("array"),
  OBJECT_LINES("objectLines"),
  ARRAY_LINES("arrayLines"),
  CSV("csv");

  private final String jsonName;

  ResultFormat(String jsonName) {
    this.jsonName = jsonName;
  }

  /** Whether each row has the names of its columns. */
  boolean namesColumns() {
    return this == OBJECT || this == OBJECT_LINES;
  }

  /** Whether each row is a line, and an empty one is the last. */
  boolean isLines() {
    return this != OBJECT && this != ARRAY;
  }

  /** By its name, in whichever case. */
  static ResultFormat of(String name) {
    return Arrays.stream(values())
        .filter(
            format ->
                format.jsonName.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new StarfireException(
                    ErrorCode.INVALID_INPUT,
                    "there is no resultFormat '%s'; there are %s"
                        .formatted(
                            name.length() <= 50 ? name : name.substring(0, 50) + "...",
                            Arrays.stream(values())
                                .map(format -> format.jsonName)
                                .collect(Collectors.joining(", ")))));
  }
}
