package io.starfire.serving.query.model;

import io.starfire.event.ColumnType;
import io.starfire.serving.query.expression.Expression;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A column that a query computes from others. Immutable. */
public sealed interface VirtualColumn {
  String name();

  /** The columns that it reads; they may be computed too. */
  Set<String> inputs();

  /**
   * What an expression computes.
   *
   * @param outputType into which values are cast; null means the expression's own type
   */
  record Expressed(String name, Expression expression, @Nullable ColumnType outputType)
      implements VirtualColumn {
    public Expressed {
      checkName(name);
    }

    @Override
    public Set<String> inputs() {
      return expression.columns();
    }
  }

  /** What an extraction function makes of each value of a column. */
  record Extracted(String name, String column, Extraction extraction) implements VirtualColumn {
    public Extracted {
      checkName(name);
    }

    @Override
    public Set<String> inputs() {
      return Set.of(column);
    }
  }

  /** Those values of a column that are chosen, as text; a row that has none is null. */
  record Filtered(String name, String column, Choice choice) implements VirtualColumn {
    public Filtered {
      checkName(name);
    }

    @Override
    public Set<String> inputs() {
      return Set.of(column);
    }
  }

  /** Which values are kept. Null is not. */
  sealed interface Choice {}

  /**
   * Those of a list.
   *
   * @param kept whether they are kept, or all others
   */
  record Listed(Set<String> values, boolean kept) implements Choice {
    public Listed {
      values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
    }
  }

  /** Those that a regular expression matches as a whole. */
  record Matching(String pattern) implements Choice {
    public Matching {
      Pattern unused = TextPatterns.regex("filtered dimension", pattern);
    }
  }

  /** Those that begin with a text. */
  record Prefixed(String prefix) implements Choice {}

  private static void checkName(String name) {
    if (name == null || name.isEmpty()) {
      throw QueryChecks.invalid("a virtual column must have a name");
    }
    if (name.equals("__time")) {
      throw QueryChecks.invalid(
          "a virtual column cannot be named __time, which is the time of a row");
    }
  }
}
