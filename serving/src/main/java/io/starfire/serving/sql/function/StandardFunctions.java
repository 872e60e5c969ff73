package io.starfire.serving.sql.function;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The functions that are Calcite's own, and that can be answered. Stateless. */
public final class StandardFunctions {
  /** Parameters and meaning, by name. */
  static final Map<String, String[]> ALL = new LinkedHashMap<>();

  static {
    add("ABS", "x", "Without its sign.");
    add("CEIL", "x", "The smallest whole number at or above x; `CEIL(time TO HOUR)` of a time.");
    add("CEILING", "x", "As CEIL.");
    add("FLOOR", "x", "The largest whole number at or below x; `FLOOR(time TO HOUR)` of a time.");
    add("ROUND", "x[, digits]", "Rounded to so many digits after the point.");
    add("TRUNCATE", "x[, digits]", "Cut to so many digits after the point.");
    add("MOD", "x, y", "The remainder.");
    add("POWER", "x, y", "x to the power of y.");
    add("SQRT", "x", "Square root.");
    add("CBRT", "x", "Cube root.");
    add("EXP", "x", "e to the power of x.");
    add("LN", "x", "Natural logarithm.");
    add("LOG10", "x", "Logarithm to the base of 10.");
    add("SIN", "x", "Sine.");
    add("COS", "x", "Cosine.");
    add("TAN", "x", "Tangent.");
    add("COT", "x", "Cotangent.");
    add("ASIN", "x", "Arc sine.");
    add("ACOS", "x", "Arc cosine.");
    add("ATAN", "x", "Arc tangent.");
    add("ATAN2", "y, x", "Angle of the point (x, y).");
    add("DEGREES", "x", "From radians.");
    add("RADIANS", "x", "From degrees.");
    add("SIGN", "x", "-1, 0 or 1.");
    add("PI", "", "The number pi; without brackets too.");
    add("UPPER", "text", "In upper case.");
    add("LOWER", "text", "In lower case.");
    add("TRIM", "[BOTH | LEADING | TRAILING] [characters FROM] text", "Without these characters.");
    add("SUBSTRING", "text, start[, length]", "The part from a character, counted from 1.");
    add("POSITION", "part IN text", "Where the part begins, counted from 1; 0 if nowhere.");
    add("CHAR_LENGTH", "text", "The number of characters.");
    add("CHARACTER_LENGTH", "text", "The number of characters.");
    add("REPLACE", "text, part, replacement", "The text with each such part replaced.");
    add("COALESCE", "value...", "The first of the values that is not null.");
    add("NULLIF", "value, other", "Null if the two are equal, else the value.");
    add("CAST", "value AS type", "The value as another type.");
    add("EXTRACT", "unit FROM time", "A part of a time, such as HOUR or DOW.");
    add("TIMESTAMPADD", "unit, count, time", "The time so many units later.");
    add("TIMESTAMPDIFF", "unit, from, to", "The number of whole units between two times.");
    add("CURRENT_TIMESTAMP", "", "When the statement began.");
    add("LOCALTIMESTAMP", "", "As CURRENT_TIMESTAMP.");
    add("CURRENT_DATE", "", "The day when the statement began.");
    add("COUNT", "[DISTINCT] value", "The number of rows where the value is not null.");
    add("SUM", "x", "The sum.");
    add("MIN", "x", "The smallest value.");
    add("MAX", "x", "The largest value.");
    add("AVG", "x", "The mean.");
    add("GROUPING", "column...", "Which of the columns a grouping set leaves out, as bits.");
    add("ROW_NUMBER", "", "In a window: the number of the row.");
    add("RANK", "", "In a window: the rank, with gaps.");
    add("DENSE_RANK", "", "In a window: the rank, without gaps.");
    add("PERCENT_RANK", "", "In a window: the rank as a part of all.");
    add("CUME_DIST", "", "In a window: the part of rows at or before the row.");
    add("NTILE", "n", "In a window: in which of n equal parts the row is.");
    add("LAG", "value[, offset[, default]]", "In a window: the value so many rows before.");
    add("LEAD", "value[, offset[, default]]", "In a window: the value so many rows after.");
    add("FIRST_VALUE", "value", "In a window: the value of its first row.");
    add("LAST_VALUE", "value", "In a window: the value of its last row.");
  }

  /** The names, without those that are only written by Calcite itself. */
  static final Set<String> NAMES = new TreeSet<>(ALL.keySet());

  static {
    NAMES.addAll(
        Set.of("$SUM0", "SINGLE_VALUE", "ROW", "ARRAY", "MULTISET", "ITEM", "CARDINALITY"));
  }

  private StandardFunctions() {}

  private static void add(String name, String parameters, String meaning) {
    ALL.put(name, new String[] {parameters, meaning});
  }
}
