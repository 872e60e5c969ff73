package io.starfire.serving.sql.plan;

import io.starfire.common.ErrorCode;
import io.starfire.common.Spelling;
import io.starfire.common.StarfireException;
import io.starfire.serving.sql.SqlCatalog;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlException;
import io.starfire.serving.sql.function.SqlFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a statement, where, and what may have been meant. Stateless. */
final class SqlFaults {
  private static final int MAX_MESSAGE = 600;
  private static final Pattern COLUMN = Pattern.compile("Column '([^']+)' not found in .*");
  private static final Pattern OBJECT = Pattern.compile("Object '([^']+)' not found.*");
  private static final Pattern FUNCTION =
      Pattern.compile("No match found for function signature ([^(\\s]+)\\(.*");

  private SqlFaults() {}

  static StarfireException of(SqlParseException e) {
    SqlParserPos at = e.getPos();
    String message = String.valueOf(e.getMessage());
    String shown =
        message.contains("Lexical error")
            ? "the statement has a character, a text or a comment that does not end: "
                + message.lines().findFirst().orElse("")
            : parse(message);
    return at == null
        ? new StarfireException(ErrorCode.INVALID_INPUT, cut(shown), e)
        : at(
            shown, at.getLineNum(), at.getColumnNum(), at.getEndLineNum(), at.getEndColumnNum(), e);
  }

  /** The first sentence: what else could stand there is a long list. */
  private static String parse(String message) {
    int expected = message.indexOf("Was expecting");
    String first = expected < 0 ? message : message.substring(0, expected);
    first = first.strip().replaceAll("\\s+", " ");
    first = first.replaceAll(" at line \\d+, column \\d+\\.?$", "");
    return first.startsWith("Non-query") ? first : "the statement cannot be read: " + first;
  }

  static StarfireException of(CalciteContextException e, SqlCatalog catalog) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    String message = String.valueOf(cause.getMessage());
    return at(
        message + near(message, catalog).map("; did you mean %s?"::formatted).orElse(""),
        e.getPosLine(),
        e.getPosColumn(),
        e.getEndPosLine(),
        e.getEndPosColumn(),
        e);
  }

  private static Optional<String> near(String message, SqlCatalog catalog) {
    Matcher column = COLUMN.matcher(message);
    if (column.matches()) {
      TreeSet<String> known = new TreeSet<>();
      for (SqlCatalog.Table table : catalog.tables()) {
        table.columns().stream().map(SqlColumn::name).forEach(known::add);
      }
      return near(column.group(1), known);
    }
    Matcher object = OBJECT.matcher(message);
    if (object.matches()) {
      List<String> known = new ArrayList<>();
      catalog.tables().forEach(table -> known.add(table.name()));
      return near(object.group(1), known);
    }
    Matcher function = FUNCTION.matcher(message);
    return function.matches() ? SqlFunctions.near(brief(function.group(1))) : Optional.empty();
  }

  private static Optional<String> near(String name, java.util.Collection<String> known) {
    return Spelling.near(brief(name), known);
  }

  private static String brief(String name) {
    return name.substring(0, Math.min(80, name.length()));
  }

  private static StarfireException at(
      String message, int line, int column, int endLine, int endColumn, @Nullable Exception e) {
    return new SqlException(
        ErrorCode.INVALID_INPUT,
        "%s (line [%d], column [%d])".formatted(cut(message), line, column),
        line,
        column,
        endLine,
        endColumn,
        e);
  }

  private static String cut(String message) {
    return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
  }

  /** The error for what Calcite cannot do, or does wrong. */
  static StarfireException unexpected(Throwable e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    return new StarfireException(
        ErrorCode.UNSUPPORTED,
        "the statement cannot be planned in this version: %s (%s)"
            .formatted(cut(message), e.getClass().getSimpleName()),
        e);
  }

  static StarfireException tooDeep(@Nullable Throwable e) {
    return new StarfireException(
        ErrorCode.INVALID_INPUT,
        "the statement is nested too deeply; use fewer brackets, or IN instead of a chain of OR",
        e);
  }
}
