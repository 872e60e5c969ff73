package io.starfire.event;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of metrics and aggregators that are sketches, as Druid names them: their bounds and
 * defaults. A setting that changes nothing here, such as {@code maxStreamLength}, is checked and
 * kept. Stateless.
 */
public final class SketchSettings {
  /** Binary logarithm of the number of registers of an HLL sketch: 4 to 21, or 12. */
  public static final String LG_K = "lgK";

  /** How an HLL sketch packs its registers: HLL_4, HLL_6 or HLL_8; HLL_4. */
  public static final String HLL_TYPE = "tgtHllType";

  /** The bytes of text that an HLL sketch hashes: utf16le or utf8; utf16le. */
  public static final String STRING_ENCODING = "stringEncoding";

  /** Whether an estimate is rounded to a whole number; false. */
  public static final String ROUND = "round";

  /** Whether the result is the estimate, and not the sketch; true. */
  public static final String SHOULD_FINALIZE = "shouldFinalize";

  /** Hashes that a theta sketch keeps at most: a power of two from 16 to 2^26; 16,384. */
  public static final String SIZE = "size";

  /** Whether the input of a metric is a theta sketch, in base 64; false. */
  public static final String IS_INPUT_THETA_SKETCH = "isInputThetaSketch";

  /** Standard deviations of the bounds that go with an estimate: 1, 2 or 3; without bounds. */
  public static final String ERROR_BOUNDS = "errorBoundsStdDev";

  /** The size of a quantiles sketch: a power of two from 2 to 32,768; 128. */
  public static final String K = "k";

  /** Druid's guess of the number of values; the sketches here grow. */
  public static final String MAX_STREAM_LENGTH = "maxStreamLength";

  public static final int DEFAULT_LG_K = 12;
  public static final String DEFAULT_HLL_TYPE = "HLL_4";
  public static final int DEFAULT_SIZE = 16_384;
  public static final int DEFAULT_K = 128;
  private static final int MAX_SIZE = 1 << 26;
  private static final List<String> OF_HLL =
      List.of(LG_K, HLL_TYPE, STRING_ENCODING, SHOULD_FINALIZE, ROUND);
  private static final List<String> OF_THETA =
      List.of(SIZE, IS_INPUT_THETA_SKETCH, SHOULD_FINALIZE, ERROR_BOUNDS);
  private static final List<String> OF_QUANTILES = List.of(K, MAX_STREAM_LENGTH, SHOULD_FINALIZE);
  private static final List<String> OF_UNIQUE = List.of(ROUND);

  private SketchSettings() {}

  /** The names of the settings of a type of metric or aggregator; empty if it is no sketch. */
  public static List<String> names(String typeName) {
    return switch (typeName) {
      case "HLLSketchBuild", "HLLSketchMerge", "HLLSketchUnion" -> OF_HLL;
      case "thetaSketch", "thetaSketchSetOp" -> OF_THETA;
      case "quantilesDoublesSketch" -> OF_QUANTILES;
      case "hyperUnique", "cardinality" -> OF_UNIQUE;
      default -> List.of();
    };
  }

  /**
   * The settings in the order of their names, each a Long, a Boolean or a String.
   *
   * @param given as JSON has them: a Number, a Boolean or a String each; nulls are left out
   * @throws StarfireException with INVALID_INPUT if one is not known, or outside its bounds
   */
  public static Map<String, Object> checked(String typeName, Map<String, ?> given) {
    List<String> names = names(typeName);
    for (String name : given.keySet()) {
      if (!names.contains(name)) {
        throw new StarfireException(
            ErrorCode.INVALID_INPUT,
            "'%s' is not a setting of %s; its settings are %s".formatted(name, typeName, names));
      }
    }
    Map<String, Object> checked = new LinkedHashMap<>();
    for (String name : names) {
      Object value = given.get(name);
      if (value != null) {
        checked.put(name, checked(typeName, name, value));
      }
    }
    return checked;
  }

  private static Object checked(String typeName, String name, Object value) {
    return switch (name) {
      case LG_K -> whole(typeName, name, value, 4, 21);
      case SIZE -> powerOfTwo(typeName, name, value, 16, MAX_SIZE);
      case K -> powerOfTwo(typeName, name, value, 2, 32_768);
      case MAX_STREAM_LENGTH -> whole(typeName, name, value, 1, Long.MAX_VALUE);
      case ERROR_BOUNDS -> whole(typeName, name, value, 1, 3);
      case HLL_TYPE -> choice(typeName, name, value, List.of("HLL_4", "HLL_6", "HLL_8"));
      case STRING_ENCODING -> choice(typeName, name, value, List.of("utf16le", "utf8"));
      default -> flag(typeName, name, value);
    };
  }

  private static Object whole(String typeName, String name, Object value, long min, long max) {
    boolean isWhole = value instanceof Integer || value instanceof Long;
    if (!isWhole || ((Number) value).longValue() < min || ((Number) value).longValue() > max) {
      throw wrong(typeName, name, "a whole number from %d to %d".formatted(min, max), value);
    }
    return ((Number) value).longValue();
  }

  private static Object powerOfTwo(String typeName, String name, Object value, int min, int max) {
    Object whole = whole(typeName, name, value, min, max);
    if (Long.bitCount((Long) whole) != 1) {
      throw wrong(typeName, name, "a power of two from %d to %d".formatted(min, max), value);
    }
    return whole;
  }

  private static Object choice(String typeName, String name, Object value, List<String> choices) {
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(value.toString())) {
        return choice;
      }
    }
    throw wrong(typeName, name, "one of " + choices, value);
  }

  private static Object flag(String typeName, String name, Object value) {
    if (value instanceof Boolean) {
      return value;
    }
    if (!value.equals("true") && !value.equals("false")) {
      throw wrong(typeName, name, "true or false", value);
    }
    return value.equals("true");
  }

  private static StarfireException wrong(
      String typeName, String name, String expected, Object value) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "%s of %s must be %s, got %s".formatted(name, typeName, expected, value));
  }
}
