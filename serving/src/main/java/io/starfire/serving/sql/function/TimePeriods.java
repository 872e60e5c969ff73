package io.starfire.serving.sql.function;

import java.util.Locale;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.jspecify.annotations.Nullable;

/** The periods of units of time. Stateless. */
final class TimePeriods {
  private TimePeriods() {}

  /** The period of a unit, such as PT1H; null if it has none. */
  static @Nullable String of(TimeUnitRange unit) {
    return of(unit.name());
  }

  static @Nullable String of(String unit) {
    return switch (unit.toUpperCase(Locale.ROOT)) {
      case "MILLISECOND", "MILLISECONDS" -> "PT0.001S";
      case "SECOND" -> "PT1S";
      case "MINUTE" -> "PT1M";
      case "HOUR" -> "PT1H";
      case "DAY" -> "P1D";
      case "WEEK" -> "P1W";
      case "MONTH" -> "P1M";
      case "QUARTER" -> "P3M";
      case "YEAR" -> "P1Y";
      case "DECADE" -> "P10Y";
      case "CENTURY" -> "P100Y";
      case "MILLENNIUM" -> "P1000Y";
      default -> null;
    };
  }
}
