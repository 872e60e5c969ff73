package io.starfire.serving.query.compute;

import io.starfire.serving.query.text.GuardedRegex;
import io.starfire.serving.query.text.LikePattern;
import java.util.Formatter;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The functions of texts. Positions and lengths count UTF-16 units from 0, as Druid's do.
 * Stateless.
 */
final class TextFunctions {
  /** Characters that one value may be padded or repeated to. */
  private static final int MAX_LENGTH = 1_000_000;

  /** A width or a precision of a format. Longer ones would fill the memory. */
  private static final Pattern WIDE_FORMAT = Pattern.compile("%[^a-zA-Z%]*\\d{4,}");

  private TextFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        define(
            "concat",
            "text...",
            "The texts one after the other; null if one is.",
            TextFunctions::concat),
        define(
            "format",
            "pattern[, value]...",
            "As Java's String.format, for example `format('%05d', x)`. Null if a value does not"
                + " fit the pattern.",
            TextFunctions::format),
        define(
            "like",
            "text, pattern[, escape]",
            "1 if the text matches as in SQL, else 0.",
            TextFunctions::like),
        define(
            "parse_long",
            "text[, radix]",
            "The number that the text writes in the radix, 10 unless given; null if it is none.",
            TextFunctions::parseLong),
        define(
            "regexp_extract",
            "text, pattern[, group]",
            "What the group of a Java regular expression finds first; 0, the whole, unless given."
                + " Null if nothing is found.",
            TextFunctions::regexpExtract),
        define(
            "regexp_like",
            "text, pattern",
            "1 if the pattern is found somewhere in the text, else 0.",
            TextFunctions::regexpLike),
        define(
            "regexp_replace",
            "text, pattern, replacement",
            "The text with all that is found replaced; `$1` stands for the first group.",
            TextFunctions::regexpReplace),
        define(
            "contains_string",
            "text, part",
            "1 if the text contains the part, else 0.",
            call -> contains(call, false)),
        define(
            "icontains_string",
            "text, part",
            "The same in upper or lower case.",
            call -> contains(call, true)),
        define(
            "replace",
            "text, part, replacement",
            "The text with each such part replaced.",
            TextFunctions::replace),
        define(
            "substring",
            "text, index, length",
            "The part from the index on; a negative length means to the end. Empty if the text"
                + " ends before it, null if the index is negative.",
            TextFunctions::substring),
        define(
            "left", "text, length", "So many characters from the start.", call -> end(call, true)),
        define(
            "right", "text, length", "So many characters from the end.", call -> end(call, false)),
        define("strlen", "text", "The length.", TextFunctions::length),
        define(
            "strpos",
            "text, part[, from]",
            "Where the part begins, counted from 0; -1 if it does not occur.",
            TextFunctions::position),
        define(
            "trim",
            "text[, characters]",
            "Without these characters, blanks unless given, at both ends.",
            call -> trim(call, true, true)),
        define(
            "ltrim",
            "text[, characters]",
            "The same at the start only.",
            call -> trim(call, true, false)),
        define(
            "rtrim",
            "text[, characters]",
            "The same at the end only.",
            call -> trim(call, false, true)),
        ofText("lower", "In lower case.", text -> text.toLowerCase(Locale.ROOT)),
        ofText("upper", "In upper case.", text -> text.toUpperCase(Locale.ROOT)),
        define(
            "lookup",
            "text, lookup[, otherwise]",
            "What the registered lookup of that name has for the text; if it has nothing, or the"
                + " text is null, `otherwise`, or null.",
            TextFunctions::lookup),
        ofText(
            "reverse",
            "From its end to its start.",
            text -> new StringBuilder(text).reverse().toString()),
        define(
            "repeat",
            "text, times",
            "The text so many times; null for less than once.",
            TextFunctions::repeat),
        define(
            "lpad",
            "text, length, padding",
            "As long as the length, filled at the start, or cut.",
            call -> pad(call, true)),
        define(
            "rpad",
            "text, length, padding",
            "As long as the length, filled at the end, or cut.",
            call -> pad(call, false)));
  }

  private static FunctionDefinition define(
      String name, String parameters, String meaning, Function<Call, Node> binding) {
    return new FunctionDefinition(
        FunctionDefinition.Group.TEXT, name, parameters, meaning, binding);
  }

  private static FunctionDefinition ofText(
      String name, String meaning, UnaryOperator<String> function) {
    return define(
        name,
        "text",
        meaning,
        call -> {
          Node text = call.textAt(0);
          return call.texts(i -> function.apply(text.text(i)), text);
        });
  }

  private static Node concat(Call call) {
    Node[] parts = new Node[call.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = call.textAt(i);
    }
    return call.texts(
        row -> {
          StringBuilder whole = new StringBuilder();
          for (Node part : parts) {
            whole.append(part.text(row));
          }
          return whole.toString();
        },
        parts);
  }

  private static Node format(Call call) {
    String pattern = call.requiredText(0);
    if (WIDE_FORMAT.matcher(pattern).find()) {
      throw call.fault(0, "a width or precision of a format has at most three digits");
    }
    Node[] values = new Node[call.size() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = call.scalarAt(i + 1);
    }
    return call.overNulls(ValueType.STRING, row -> formatted(pattern, values, row), values);
  }

  private static @Nullable String formatted(String pattern, Node[] values, int row) {
    Object[] objects = new Object[values.length];
    for (int i = 0; i < objects.length; i++) {
      objects[i] = values[i].value(row);
    }
    try (Formatter formatter = new Formatter(Locale.ROOT)) {
      return formatter.format(pattern, objects).toString();
    } catch (IllegalFormatException e) {
      return null;
    }
  }

  private static Node like(Call call) {
    Node text = call.textAt(0);
    String escape = call.optionalText(2);
    if (escape != null && escape.length() != 1) {
      throw call.fault(2, "the escape of a like is one character, not '" + escape + "'");
    }
    LikePattern pattern =
        LikePattern.of(
            call.owner(), call.requiredText(1), escape == null ? null : escape.charAt(0));
    return call.truths(i -> pattern.test(text.text(i)), text);
  }

  private static Node parseLong(Call call) {
    Node text = call.textAt(0);
    long radix = call.wholeNumber(1, 10);
    if (radix < Character.MIN_RADIX || radix > Character.MAX_RADIX) {
      throw call.fault(1, "a radix is from 2 to 36, got " + radix);
    }
    return call.objects(ValueType.LONG, i -> number(text.text(i), (int) radix), text);
  }

  private static @Nullable Long number(String text, int radix) {
    String digits =
        radix == 16 && (text.startsWith("0x") || text.startsWith("0X")) ? text.substring(2) : text;
    // By length first, so that a long text costs no exception.
    if (digits.isEmpty() || digits.length() > 65) {
      return null;
    }
    try {
      return Long.parseLong(digits, radix);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Outputs of groups are computed without a control: then the pattern only counts its steps. */
  static GuardedRegex regex(Call call, int argument) {
    return GuardedRegex.of(call.owner(), call.requiredText(argument), call.binder().control());
  }

  private static Node regexpExtract(Call call) {
    Node text = call.textAt(0);
    GuardedRegex regex = regex(call, 1);
    long group = call.wholeNumber(2, 0);
    if (group < 0 || group > regex.groupCount()) {
      throw call.fault(2, "the pattern has no group " + group);
    }
    return call.texts(i -> regex.extract(text.text(i), (int) group), text);
  }

  private static Node regexpLike(Call call) {
    Node text = call.textAt(0);
    GuardedRegex regex = regex(call, 1);
    return call.truths(i -> regex.test(text.text(i)), text);
  }

  private static Node regexpReplace(Call call) {
    Node text = call.textAt(0);
    GuardedRegex regex = regex(call, 1);
    String replacement = call.requiredText(2);
    return call.texts(
        i -> {
          try {
            checkReplaced(text.text(i), replacement);
            return regex.replaceAll(text.text(i), replacement);
          } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw call.fault(2, "the replacement is malformed: " + e.getMessage());
          }
        },
        text);
  }

  private static Node contains(Call call, boolean ignoreCase) {
    Node text = call.textAt(0);
    Node part = call.textAt(1);
    return call.truths(
        i ->
            ignoreCase
                ? text.text(i)
                    .toLowerCase(Locale.ROOT)
                    .contains(part.text(i).toLowerCase(Locale.ROOT))
                : text.text(i).contains(part.text(i)),
        text,
        part);
  }

  private static Node replace(Call call) {
    Node text = call.textAt(0);
    Node part = call.textAt(1);
    Node replacement = call.textAt(2);
    return call.texts(
        i -> {
          checkReplaced(text.text(i), replacement.text(i));
          return text.text(i).replace(part.text(i), replacement.text(i));
        },
        text,
        part,
        replacement);
  }

  private static Node substring(Call call) {
    Node text = call.textAt(0);
    Node index = call.longAt(1);
    Node length = call.longAt(2);
    return call.texts(
        i -> part(text.text(i), index.longs[i], length.longs[i]), text, index, length);
  }

  private static @Nullable String part(String text, long index, long length) {
    if (index < 0) {
      return null;
    }
    if (index >= text.length()) {
      return "";
    }
    int from = (int) index;
    return length < 0
        ? text.substring(from)
        : text.substring(from, (int) Math.min(text.length(), from + Math.min(length, MAX_LENGTH)));
  }

  private static Node end(Call call, boolean left) {
    Node text = call.textAt(0);
    Node length = call.longAt(1);
    return call.texts(
        i -> {
          String whole = text.text(i);
          if (length.longs[i] < 0) {
            return null;
          }
          int kept = (int) Math.min(whole.length(), length.longs[i]);
          return left ? whole.substring(0, kept) : whole.substring(whole.length() - kept);
        },
        text,
        length);
  }

  private static Node length(Call call) {
    Node text = call.textAt(0);
    return call.longs(i -> text.text(i).length(), text);
  }

  private static Node lookup(Call call) {
    Node text = call.textAt(0);
    Map<String, String> map = call.lookup(call.requiredText(1));
    String otherwise = call.optionalText(2);
    return call.overNulls(
        ValueType.STRING,
        i -> text.nulls[i] ? otherwise : map.getOrDefault(text.text(i), otherwise),
        text);
  }

  private static Node position(Call call) {
    Node text = call.textAt(0);
    Node part = call.textAt(1);
    if (!call.has(2)) {
      return call.longs(i -> text.text(i).indexOf(part.text(i)), text, part);
    }
    Node from = call.longAt(2);
    return call.longs(
        i ->
            text.text(i)
                .indexOf(
                    part.text(i), (int) Math.max(0, Math.min(Integer.MAX_VALUE, from.longs[i]))),
        text,
        part,
        from);
  }

  private static Node trim(Call call, boolean atStart, boolean atEnd) {
    Node text = call.textAt(0);
    String given = call.optionalText(1);
    String characters = given == null ? " " : given;
    return call.texts(i -> trimmed(text.text(i), characters, atStart, atEnd), text);
  }

  static String trimmed(String text, String characters, boolean atStart, boolean atEnd) {
    int from = 0;
    int to = text.length();
    while (atStart && from < to && characters.indexOf(text.charAt(from)) >= 0) {
      from++;
    }
    while (atEnd && from < to && characters.indexOf(text.charAt(to - 1)) >= 0) {
      to--;
    }
    return text.substring(from, to);
  }

  private static Node repeat(Call call) {
    Node text = call.textAt(0);
    Node times = call.longAt(1);
    return call.texts(
        i -> {
          if (times.longs[i] < 1) {
            return null;
          }
          checkLength(
              Math.multiplyHigh(times.longs[i], text.text(i).length()) != 0
                  ? Long.MAX_VALUE
                  : times.longs[i] * text.text(i).length());
          return text.text(i).isEmpty() ? "" : text.text(i).repeat((int) times.longs[i]);
        },
        text,
        times);
  }

  /** Whatever is found, the result is not longer than this. */
  private static void checkReplaced(String text, String replacement) {
    if ((text.length() + 1L) * (replacement.length() + 1L) > 16L * MAX_LENGTH) {
      throw Computed.tooLong();
    }
  }

  private static void checkLength(long length) {
    if (length < 0 || length > MAX_LENGTH) {
      throw Computed.tooLong();
    }
  }

  private static Node pad(Call call, boolean left) {
    Node text = call.textAt(0);
    Node length = call.longAt(1);
    Node padding = call.textAt(2);
    return call.texts(
        i -> padded(text.text(i), length.longs[i], padding.text(i), left), text, length, padding);
  }

  private static @Nullable String padded(String text, long length, String padding, boolean left) {
    if (length < 0) {
      return null;
    }
    if (length <= text.length()) {
      return text.substring(0, (int) length);
    }
    if (padding.isEmpty()) {
      return text;
    }
    checkLength(length);
    StringBuilder filled = new StringBuilder();
    while (filled.length() < length - text.length()) {
      filled.append(padding);
    }
    filled.setLength((int) length - text.length());
    return left ? filled + text : text + filled;
  }
}
