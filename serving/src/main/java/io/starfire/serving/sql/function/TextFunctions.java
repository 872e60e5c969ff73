package io.starfire.serving.sql.function;

import io.starfire.serving.sql.function.FunctionDefinition.Group;
import io.starfire.serving.sql.function.FunctionDefinition.Translation;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/** The functions of texts, and those of conditions. Stateless. */
final class TextFunctions {
  private TextFunctions() {}

  static List<FunctionDefinition> list() {
    return List.of(
        text(
            "CONCAT",
            "text...",
            "The texts one after the other; null if one is.",
            TextFunctions::concat),
        text("TEXTCAT", "text, text", "The two texts one after the other.", TextFunctions::concat),
        text(
            "BTRIM",
            "text[, characters]",
            "Without these characters, blanks unless given, at both ends.",
            call -> call.direct("trim")),
        text(
            "LTRIM",
            "text[, characters]",
            "The same at the start only.",
            call -> call.direct("ltrim")),
        text(
            "RTRIM",
            "text[, characters]",
            "The same at the end only.",
            call -> call.direct("rtrim")),
        text(
            "SUBSTR",
            "text, start[, length]",
            "As SUBSTRING.",
            call -> call.writer().substringOf(call)),
        text("REVERSE", "text", "From its end to its start.", call -> call.direct("reverse")),
        text("REPEAT", "text, times", "The text so many times.", call -> call.direct("repeat")),
        text(
            "LPAD",
            "text, length[, padding]",
            "As long as the length, filled at the start with blanks unless given, or cut.",
            call -> padded(call, "lpad")),
        text(
            "RPAD",
            "text, length[, padding]",
            "The same, filled at the end.",
            call -> padded(call, "rpad")),
        text(
            "LEFT",
            "text, length",
            "So many characters from the start.",
            call -> call.direct("left")),
        text(
            "RIGHT",
            "text, length",
            "So many characters from the end.",
            call -> call.direct("right")),
        text(
            "REGEXP_EXTRACT",
            "text, pattern[, group]",
            "What the group of a Java regular expression finds first; null if nothing is found.",
            call -> call.direct("regexp_extract")),
        text(
            "REGEXP_REPLACE",
            "text, pattern, replacement",
            "The text with all that is found replaced.",
            call -> call.direct("regexp_replace")),
        text(
            "LOOKUP",
            "text, lookup[, otherwise]",
            "What a registered lookup has for the text, or otherwise.",
            call -> call.direct("lookup")),
        text(
            "STRING_FORMAT",
            "pattern[, value...]",
            "As Java's String.format.",
            call -> call.direct("format")),
        define(
            "STRLEN",
            "text",
            "The number of characters.",
            Returns.INTEGER,
            call -> "strlen(" + call.text(0) + ")"),
        define(
            "LENGTH",
            "text",
            "The number of characters.",
            Returns.INTEGER,
            call -> "strlen(" + call.text(0) + ")"),
        define(
            "STRPOS",
            "text, part",
            "Where the part begins, counted from 1; 0 if nowhere.",
            Returns.INTEGER,
            call -> "(" + call.direct("strpos") + " + 1)"),
        define(
            "CONTAINS_STRING",
            "text, part",
            "Whether the text contains the part.",
            Returns.BOOLEAN,
            call -> call.direct("contains_string")),
        define(
            "ICONTAINS_STRING",
            "text, part",
            "The same in upper or lower case.",
            Returns.BOOLEAN,
            call -> call.direct("icontains_string")),
        define(
            "REGEXP_LIKE",
            "text, pattern",
            "Whether a Java regular expression is found somewhere in the text.",
            Returns.BOOLEAN,
            call -> call.direct("regexp_like")),
        define(
            "PARSE_LONG",
            "text[, radix]",
            "The number that the text writes in the radix, 10 unless given; null if it is none.",
            Returns.BIGINT,
            call -> call.direct("parse_long")),
        FunctionDefinition.of(
            "NVL",
            Group.CONDITION,
            "value, otherwise",
            "The value, or if it is null the other.",
            Returns.COMMON,
            call -> call.direct("nvl")),
        FunctionDefinition.of(
            "GREATEST",
            Group.CONDITION,
            "value...",
            "The greatest of the values that are not null.",
            Returns.COMMON,
            call -> call.direct("greatest")),
        FunctionDefinition.of(
            "LEAST",
            Group.CONDITION,
            "value...",
            "The least of the values that are not null.",
            Returns.COMMON,
            call -> call.direct("least")));
  }

  private static FunctionDefinition text(
      String name, String parameters, String meaning, Translation translation) {
    return define(name, parameters, meaning, Returns.VARCHAR, translation);
  }

  private static FunctionDefinition define(
      String name,
      String parameters,
      String meaning,
      SqlReturnTypeInference returns,
      Translation translation) {
    return FunctionDefinition.of(name, Group.TEXT, parameters, meaning, returns, translation);
  }

  private static String concat(CallWriter call) {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      texts.add(call.text(i));
    }
    return "concat(" + String.join(", ", texts) + ")";
  }

  private static String padded(CallWriter call, String function) {
    String padding = call.count() > 2 ? call.arg(2) : "' '";
    return "%s(%s, %s, %s)".formatted(function, call.text(0), call.arg(1), padding);
  }
}
